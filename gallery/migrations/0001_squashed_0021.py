"""All tables at once, for a new site: seconds instead of those that 0001 to 0021 take one by one."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('gallery', '0001_initial'), ('gallery', '0002_labels_people_can_trust'), ('gallery', '0003_fill_what_searches_read'), ('gallery', '0004_label_constraints'), ('gallery', '0005_change_in_parts'), ('gallery', '0006_bill_from_its_index'), ('gallery', '0007_relabelling_by_outcome'), ('gallery', '0008_options_and_what_is_denied'), ('gallery', '0009_trash_by_time_taken'), ('gallery', '0010_text_in_one_piece'), ('gallery', '0011_camera_as_it_is_searched'), ('gallery', '0012_trash_is_emptied'), ('gallery', '0013_shares'), ('gallery', '0014_staff_look_over_all'), ('gallery', '0015_shapes_of_a_month'), ('gallery', '0016_turned_by_quarters'), ('gallery', '0017_archive'), ('gallery', '0018_photo_places'), ('gallery', '0019_samples'), ('gallery', '0020_failed_newest_first'), ('gallery', '0021_albums_in_an_order')]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Circuit',
            fields=[
                ('operation', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('reason', models.TextField()),
                ('denied', models.BooleanField(default=False, help_text='The site may not call this very operation; its credentials are good.')),
                ('opened_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('probe_at', models.DateTimeField()),
            ],
            options={
            },
        ),
        migrations.CreateModel(
            name='Extra',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('owner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('name', models.CharField(max_length=20, verbose_name='option')),
                ('since', models.DateTimeField(default=django.utils.timezone.now, verbose_name='since')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('owner', 'name'), name='extra_on_once')],
            },
        ),
        migrations.CreateModel(
            name='Label',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('kind', models.CharField(choices=[('label', 'label'), ('category', 'category'), ('celebrity', 'celebrity'), ('moderation', 'content warning')], default='label', max_length=10, verbose_name='kind')),
                ('folded', models.CharField(editable=False, max_length=200)),
                ('aliases', models.JSONField(blank=True, default=list, verbose_name='aliases')),
                ('parents', models.JSONField(blank=True, default=list, verbose_name='parents')),
                ('categories', models.JSONField(blank=True, default=list, verbose_name='categories')),
                ('links', models.JSONField(blank=True, default=list, verbose_name='links')),
            ],
            options={
                'verbose_name': 'label',
                'verbose_name_plural': 'labels',
                'constraints': [models.UniqueConstraint(models.F('folded'), models.F('kind'), name='label_name_once_per_kind'), models.CheckConstraint(condition=models.Q(('folded', ''), _negated=True), name='label_has_a_name'), models.CheckConstraint(condition=models.Q(('kind__in', ['label', 'category', 'celebrity', 'moderation'])), name='label_kind_known')],
            },
        ),
        migrations.CreateModel(
            name='OwnerMonth',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('owner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('month', models.CharField(max_length=7)),
                ('photos', models.IntegerField(default=0)),
                ('version', models.PositiveBigIntegerField(db_default=0, default=0)),
                ('shapes', models.TextField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('owner', 'month'), name='owner_month_counted_once')],
            },
        ),
        migrations.CreateModel(
            name='Photo',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('owner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='photos', to=settings.AUTH_USER_MODEL)),
                ('original_key', models.CharField(editable=False, max_length=100, unique=True)),
                ('sha256', models.CharField(editable=False, max_length=64)),
                ('byte_size', models.PositiveBigIntegerField(editable=False, verbose_name='bytes')),
                ('content_type', models.CharField(editable=False, max_length=50, verbose_name='type')),
                ('filename', models.CharField(max_length=255, verbose_name='file name')),
                ('width', models.PositiveIntegerField(help_text='Pixels of the upright picture.', verbose_name='width')),
                ('height', models.PositiveIntegerField(verbose_name='height')),
                ('quarter_turns', models.PositiveSmallIntegerField(default=0, help_text='Clockwise, from how the original stands.', verbose_name='quarter turns')),
                ('edition', models.PositiveIntegerField(default=0, editable=False, help_text='Goes up each time its renditions are to be others; in their keys.')),
                ('taken_local', models.DateTimeField(verbose_name='taken')),
                ('taken_offset', models.SmallIntegerField(blank=True, null=True, verbose_name='minutes from UTC')),
                ('taken_source', models.CharField(choices=[('user', 'you'), ('exif', 'the camera'), ('file', 'the file'), ('upload', 'the upload')], default='upload', max_length=6)),
                ('camera_make', models.CharField(blank=True, max_length=100, verbose_name='maker')),
                ('camera_model', models.CharField(blank=True, max_length=100, verbose_name='camera')),
                ('camera_folded', models.CharField(blank=True, editable=False, max_length=200)),
                ('lens', models.CharField(blank=True, max_length=100, verbose_name='lens')),
                ('latitude', models.FloatField(blank=True, null=True, verbose_name='latitude')),
                ('longitude', models.FloatField(blank=True, null=True, verbose_name='longitude')),
                ('altitude', models.FloatField(blank=True, null=True, verbose_name='altitude in metres')),
                ('thumbhash', models.BinaryField(default=bytes, max_length=40)),
                ('caption', models.TextField(blank=True, max_length=2000, verbose_name='caption')),
                ('veiled', models.BooleanField(default=False, help_text='A content warning stands on it: shown when it is asked for.', verbose_name='veiled')),
                ('favourite_at', models.DateTimeField(blank=True, null=True, verbose_name='favourite since')),
                ('archived_at', models.DateTimeField(blank=True, null=True, verbose_name='archived since')),
                ('trashed_at', models.DateTimeField(blank=True, null=True, verbose_name='in the trash since')),
                ('uploaded_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='uploaded')),
            ],
            options={
                'verbose_name': 'photo',
                'verbose_name_plural': 'photos',
                'permissions': [('see_larger', "Can look at somebody's photo larger than a thumbnail; it is written down")],
                'indexes': [models.Index(models.F('owner'), models.OrderBy(models.F('taken_local'), descending=True), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('trashed_at', None)), name='photo_library'), models.Index(models.F('owner'), models.OrderBy(models.F('taken_local'), descending=True), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('archived_at', None), ('trashed_at', None)), name='photo_timeline'), models.Index(models.F('owner'), models.OrderBy(models.F('taken_local'), descending=True), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('archived_at__isnull', False), ('trashed_at', None)), name='photo_archive'), models.Index(models.F('owner'), models.OrderBy(models.F('taken_local'), descending=True), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('trashed_at__isnull', False)), name='photo_trash'), models.Index(models.F('owner'), models.OrderBy(models.F('taken_local'), descending=True), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('favourite_at__isnull', False), ('trashed_at', None)), name='photo_favourites'), models.Index(models.OrderBy(models.F('uploaded_at'), descending=True), models.OrderBy(models.F('id'), descending=True), name='photo_newest'), models.Index(condition=models.Q(('latitude__isnull', False), ('trashed_at', None)), fields=['owner', 'latitude', 'longitude', 'taken_local', 'id', 'trashed_at'], name='photo_places'), models.Index(models.F('trashed_at'), condition=models.Q(('trashed_at__isnull', False)), name='photo_expiry')],
                'constraints': [models.UniqueConstraint(models.F('owner'), models.F('sha256'), name='photo_same_bytes_once_per_owner'), models.CheckConstraint(condition=models.Q(('height__gt', 0), ('width__gt', 0)), name='photo_has_a_size'), models.CheckConstraint(condition=models.Q(('byte_size__gt', 0)), name='photo_has_bytes'), models.CheckConstraint(condition=models.Q(('quarter_turns__range', (0, 3))), name='photo_turned_in_quarters'), models.CheckConstraint(condition=models.Q(('taken_source__in', ['user', 'exif', 'file', 'upload'])), name='photo_taken_source_known'), models.CheckConstraint(condition=models.Q(models.Q(('latitude', None), ('longitude', None)), models.Q(('latitude__range', (-90, 90)), ('longitude__range', (-180, 180))), _connector='OR'), name='photo_position_on_earth'), models.CheckConstraint(condition=models.Q(('taken_offset', None), ('taken_offset__range', (-1080, 1080)), _connector='OR'), name='photo_offset_on_earth')],
            },
        ),
        migrations.CreateModel(
            name='Purge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('storage', models.CharField(choices=[('originals', 'Originals'), ('renditions', 'Renditions'), ('exports', 'Exports')], max_length=10)),
                ('key', models.CharField(max_length=120)),
                ('due_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ('attempts', models.PositiveIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('storage'), models.F('key'), name='purge_each_object_once')],
            },
        ),
        migrations.CreateModel(
            name='Run',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('owner', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ordered_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('step', models.CharField(max_length=20, verbose_name='step')),
                ('asked_for', models.TextField(verbose_name='asked for')),
                ('state', models.CharField(choices=[('running', 'running'), ('paused', 'paused'), ('stopped', 'stopped'), ('done', 'done'), ('rolled_back', 'rolled back')], default='running', max_length=11, verbose_name='state')),
                ('photos', models.PositiveIntegerField(default=0, verbose_name='photos')),
                ('micro_usd', models.PositiveBigIntegerField(default=0, verbose_name='estimate in millionths of a US dollar')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='ordered')),
                ('finished_at', models.DateTimeField(null=True, verbose_name='finished')),
            ],
            options={
                'verbose_name': 'bulk run',
                'verbose_name_plural': 'bulk runs',
                'indexes': [models.Index(models.F('owner'), models.OrderBy(models.F('created_at'), descending=True), name='run_by_owner')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['running', 'paused', 'stopped', 'done', 'rolled_back'])), name='run_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('finished_at', None), ('state__in', ['running', 'paused'])), models.Q(models.Q(('state__in', ['running', 'paused']), _negated=True), ('finished_at__isnull', False)), _connector='OR'), name='run_finished_unless_under_way')],
            },
        ),
        migrations.CreateModel(
            name='SavedSearch',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('owner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('query', models.CharField(max_length=1000, verbose_name='search')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'verbose_name': 'saved search',
                'verbose_name_plural': 'saved searches',
                'constraints': [models.UniqueConstraint(models.F('owner'), models.F('name'), name='saved_search_named_once')],
            },
        ),
        migrations.CreateModel(
            name='Spending',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scope', models.CharField(blank=True, max_length=32)),
                ('month', models.CharField(help_text='2024-06, in UTC', max_length=7, verbose_name='month')),
                ('calls', models.IntegerField(default=0, verbose_name='calls')),
                ('micro_usd', models.BigIntegerField(default=0)),
            ],
            options={
                'verbose_name': "month's bill",
                'verbose_name_plural': 'bill by month',
                'constraints': [models.UniqueConstraint(models.F('scope'), models.F('month'), name='spending_summed_once'), models.CheckConstraint(condition=models.Q(('calls__gte', 0), ('micro_usd__gte', 0)), name='spending_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='Upload',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('owner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('state', models.CharField(choices=[('open', 'Open'), ('done', 'Done'), ('failed', 'Failed')], default='open', max_length=6)),
                ('key', models.CharField(max_length=100, unique=True)),
                ('byte_size', models.PositiveBigIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('idempotency_key', models.CharField(blank=True, max_length=200)),
                ('reason', models.TextField(blank=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('expires_at', models.DateTimeField(db_index=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['open', 'done', 'failed'])), name='upload_state_known'), models.UniqueConstraint(models.F('owner'), models.F('idempotency_key'), condition=models.Q(('idempotency_key', ''), _negated=True), name='upload_idempotency_key_once')],
            },
        ),
        migrations.CreateModel(
            name='Album',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('owner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('title', models.CharField(max_length=100, verbose_name='title')),
                ('folded', models.CharField(editable=False, max_length=200)),
                ('description', models.TextField(blank=True, max_length=2000, verbose_name='description')),
                ('cover', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='gallery.photo')),
                ('order', models.CharField(choices=[('newest', 'The newest first'), ('oldest', 'The oldest first'), ('by_hand', 'By hand')], default='newest', max_length=7, verbose_name='order')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
            ],
            options={
                'verbose_name': 'album',
                'verbose_name_plural': 'albums',
                'indexes': [models.Index(models.F('owner'), models.OrderBy(models.F('created_at'), descending=True), name='album_newest_first'), models.Index(models.F('owner'), models.F('folded'), name='album_by_title')],
                'constraints': [models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='album_has_a_title'), models.CheckConstraint(condition=models.Q(('order__in', ['newest', 'oldest', 'by_hand'])), name='album_order_known')],
            },
        ),
        migrations.CreateModel(
            name='Analysis',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('photo', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='analyses', to='gallery.photo')),
                ('owner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('provider', models.CharField(default='rekognition', max_length=20, verbose_name='provider')),
                ('operation', models.CharField(max_length=40, verbose_name='operation')),
                ('features', models.CharField(blank=True, help_text='Priced options.', max_length=100, verbose_name='features')),
                ('state', models.CharField(choices=[('sent', 'sent, perhaps billed'), ('answered', 'answered'), ('refused', 'refused, not billed')], default='sent', max_length=8, verbose_name='state')),
                ('model_version', models.CharField(blank=True, max_length=100, verbose_name='model version')),
                ('cost_usd', models.DecimalField(decimal_places=5, max_digits=9, verbose_name='cost in US dollars')),
                ('error', models.CharField(blank=True, max_length=200, verbose_name='error')),
                ('answer', models.JSONField(null=True, verbose_name='raw answer')),
                ('quarter_turns', models.PositiveSmallIntegerField(default=0, help_text='How far the picture that was sent had been turned: its boxes are of that picture.')),
                ('sent_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='sent')),
                ('answered_at', models.DateTimeField(null=True, verbose_name='answered')),
            ],
            options={
                'verbose_name': 'analysis',
                'verbose_name_plural': 'analyses',
                'indexes': [models.Index(models.F('owner'), models.OrderBy(models.F('sent_at'), descending=True), models.F('operation'), models.F('features'), models.F('state'), models.F('cost_usd'), name='analysis_bill'), models.Index(models.F('photo'), models.F('operation'), models.OrderBy(models.F('sent_at'), descending=True), name='analysis_history'), models.Index(models.OrderBy(models.F('sent_at'), descending=True), models.OrderBy(models.F('id'), descending=True), name='analysis_newest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['sent', 'answered', 'refused'])), name='analysis_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'answered'), _negated=True), ('answered_at__isnull', False), _connector='OR'), name='analysis_answered_has_a_time'), models.CheckConstraint(condition=models.Q(('cost_usd__gte', 0)), name='analysis_cost_not_negative'), models.CheckConstraint(condition=models.Q(('quarter_turns__range', (0, 3))), name='analysis_turned_in_quarters')],
            },
        ),
        migrations.CreateModel(
            name='Appearance',
            fields=[
                ('photo', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='appearance', serialize=False, to='gallery.photo')),
                ('brightness', models.FloatField(null=True)),
                ('sharpness', models.FloatField(null=True)),
                ('contrast', models.FloatField(null=True)),
                ('colours', models.JSONField(default=list)),
            ],
            options={
            },
        ),
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('owner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('action', models.CharField(max_length=20)),
                ('label', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='gallery.label')),
                ('before', models.JSONField(help_text='By photo: what it was like.')),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('undone_at', models.DateTimeField(null=True)),
                ('part_of', models.UUIDField(editable=False, null=True)),
            ],
            options={
                'indexes': [models.Index(models.F('owner'), models.OrderBy(models.F('made_at'), descending=True), name='change_by_owner'), models.Index(models.F('part_of'), condition=models.Q(('part_of__isnull', False)), name='change_parts')],
            },
        ),
        migrations.CreateModel(
            name='Detection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('photo', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='detections', to='gallery.photo')),
                ('label', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='detections', to='gallery.label')),
                ('owner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('taken_local', models.DateTimeField()),
                ('trashed', models.BooleanField(default=False)),
                ('confidence', models.FloatField(help_text='0 to 100.', null=True)),
                ('certainty', models.FloatField()),
                ('implied', models.BooleanField(default=False, help_text='Only follows from another label.')),
                ('model_version', models.CharField(blank=True, max_length=100)),
            ],
            options={
                'indexes': [models.Index(models.F('owner'), models.F('label'), models.OrderBy(models.F('taken_local'), descending=True), models.OrderBy(models.F('photo'), descending=True), models.F('certainty'), condition=models.Q(('trashed', False)), name='detection_search')],
                'constraints': [models.UniqueConstraint(models.F('photo'), models.F('label'), name='detection_label_once_per_photo'), models.CheckConstraint(condition=models.Q(('confidence', None), ('confidence__range', (0, 100)), _connector='OR'), name='detection_confidence_in_range'), models.CheckConstraint(condition=models.Q(('certainty', -1), ('certainty__range', (0, 101)), _connector='OR'), name='detection_certainty_in_range')],
            },
        ),
        migrations.CreateModel(
            name='Face',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('photo', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='faces', to='gallery.photo')),
                ('confidence', models.FloatField()),
                ('left', models.FloatField()),
                ('top', models.FloatField()),
                ('width', models.FloatField()),
                ('height', models.FloatField()),
                ('traits', models.JSONField(default=dict)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('height__range', (0, 1)), ('left__range', (0, 1)), ('top__range', (0, 1)), ('width__range', (0, 1))), name='face_on_the_picture'), models.CheckConstraint(condition=models.Q(('confidence__range', (0, 100))), name='face_confidence_in_range')],
            },
        ),
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('photo', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='jobs', to='gallery.photo')),
                ('owner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('step', models.CharField(max_length=20, verbose_name='step')),
                ('priority', models.SmallIntegerField(default=0, help_text='0: new uploads; above: bulk work.', verbose_name='priority')),
                ('turn', models.BigIntegerField(default=0, help_text="Its place among the jobs of all users: each user's next one comes after their last.")),
                ('run', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='jobs', to='gallery.run')),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now, help_text='A paid answer that came since then is used and not asked for again.')),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('done', 'done'), ('skipped', 'skipped'), ('failed', 'failed')], default='waiting', max_length=7, verbose_name='state')),
                ('reason', models.TextField(blank=True, help_text='Why it waits, was skipped or failed.', verbose_name='reason')),
                ('attempts', models.PositiveSmallIntegerField(default=0, help_text='Counted before the work.', verbose_name='attempts')),
                ('crashes', models.PositiveSmallIntegerField(default=0, help_text='Attempts that ended without a word.')),
                ('postponed', models.PositiveIntegerField(default=0, help_text='How often it waited in a row; for back-off.')),
                ('ready_at', models.DateTimeField(help_text='Empty: a step before it is not done.', null=True, verbose_name='next attempt')),
                ('lease_until', models.DateTimeField(null=True)),
                ('lease_token', models.UUIDField(null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('finished_at', models.DateTimeField(null=True, verbose_name='finished')),
            ],
            options={
                'verbose_name': 'job',
                'verbose_name_plural': 'jobs',
                'indexes': [models.Index(models.F('step'), models.F('priority'), models.F('turn'), models.F('id'), models.F('ready_at'), condition=models.Q(('finished_at', None)), name='job_in_turn'), models.Index(models.F('owner'), models.F('state'), models.OrderBy(models.F('id'), descending=True), name='job_activity'), models.Index(models.F('owner'), models.F('step'), models.F('priority'), models.F('turn'), condition=models.Q(('finished_at', None)), name='job_owners_last_turn'), models.Index(models.OrderBy(models.F('id'), descending=True), models.F('step'), condition=models.Q(('state', 'failed')), name='job_failed'), models.Index(models.OrderBy(models.F('id'), descending=True), models.F('step'), condition=models.Q(('state', 'skipped')), name='job_skipped')],
                'constraints': [models.UniqueConstraint(models.F('photo'), models.F('step'), name='job_one_per_photo_and_step'), models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'done', 'skipped', 'failed'])), name='job_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('finished_at', None), ('state', 'waiting')), models.Q(models.Q(('state', 'waiting'), _negated=True), ('finished_at__isnull', False)), _connector='OR'), name='job_finished_unless_waiting'), models.CheckConstraint(condition=models.Q(models.Q(('lease_token', None), ('lease_until', None)), models.Q(('lease_token__isnull', False), ('lease_until__isnull', False)), _connector='OR'), name='job_lease_has_both_parts'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['skipped', 'failed']), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='job_ends_badly_with_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='LabelName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='names', to='gallery.label')),
                ('folded', models.CharField(max_length=200)),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('folded'), models.F('label'), name='label_name_listed_once')],
            },
        ),
        migrations.CreateModel(
            name='OwnerLabel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('owner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('label', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='gallery.label')),
                ('kind', models.CharField(max_length=10)),
                ('folded', models.CharField(max_length=200)),
                ('photos', models.IntegerField(default=0, verbose_name='photos')),
                ('shown', models.IntegerField(default=0)),
            ],
            options={
                'indexes': [models.Index(models.F('owner'), models.F('kind'), models.OrderBy(models.F('shown'), descending=True), name='owner_label_by_count'), models.Index(models.F('owner'), models.F('folded'), name='owner_label_by_name')],
                'constraints': [models.UniqueConstraint(fields=('owner', 'label'), name='owner_label_counted_once')],
            },
        ),
        migrations.CreateModel(
            name='PhotoText',
            fields=[
                ('photo', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='text', serialize=False, to='gallery.photo')),
                ('owner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('taken_local', models.DateTimeField()),
                ('folded', models.TextField()),
            ],
            options={
                'indexes': [models.Index(models.F('owner'), models.OrderBy(models.F('taken_local'), descending=True), models.OrderBy(models.F('photo'), descending=True), name='photo_text_timeline')],
            },
        ),
        migrations.CreateModel(
            name='Rendition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('photo', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='renditions', to='gallery.photo')),
                ('spec', models.CharField(max_length=20)),
                ('key', models.CharField(max_length=120, unique=True)),
                ('content_type', models.CharField(max_length=50)),
                ('width', models.PositiveIntegerField()),
                ('height', models.PositiveIntegerField()),
                ('byte_size', models.PositiveBigIntegerField()),
                ('quarter_turns', models.PositiveSmallIntegerField(default=0, help_text='Clockwise, from how the original stands.')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('photo'), models.F('spec'), name='rendition_one_per_photo_and_spec'), models.CheckConstraint(condition=models.Q(('height__gt', 0), ('width__gt', 0)), name='rendition_has_a_size'), models.CheckConstraint(condition=models.Q(('quarter_turns__range', (0, 3))), name='rendition_turned_in_quarters')],
            },
        ),
        migrations.CreateModel(
            name='Sample',
            fields=[
                ('photo', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='sample', serialize=False, to='gallery.photo')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'sample',
                'verbose_name_plural': 'samples',
            },
        ),
        migrations.CreateModel(
            name='TextLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('photo', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='gallery.photo')),
                ('text', models.CharField(max_length=500)),
                ('confidence', models.FloatField()),
                ('left', models.FloatField()),
                ('top', models.FloatField()),
                ('width', models.FloatField()),
                ('height', models.FloatField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('height__range', (0, 1)), ('left__range', (0, 1)), ('top__range', (0, 1)), ('width__range', (0, 1))), name='text_line_on_the_picture'), models.CheckConstraint(condition=models.Q(('confidence__range', (0, 100))), name='text_line_confidence_in_range')],
            },
        ),
        migrations.CreateModel(
            name='Verdict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('photo', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='verdicts', to='gallery.photo')),
                ('label', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='gallery.label')),
                ('owner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('state', models.CharField(choices=[('confirmed', 'confirmed'), ('rejected', 'rejected')], max_length=9, verbose_name='state')),
                ('said_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='said')),
            ],
            options={
                'verbose_name': 'verdict',
                'verbose_name_plural': 'verdicts',
                'indexes': [models.Index(models.F('owner'), models.F('state'), models.F('photo'), name='verdict_by_state')],
                'constraints': [models.UniqueConstraint(fields=('photo', 'label'), name='verdict_one_per_photo_and_label'), models.CheckConstraint(condition=models.Q(('state__in', ['confirmed', 'rejected'])), name='verdict_state_known')],
            },
        ),
        migrations.CreateModel(
            name='AlbumEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('album', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='gallery.album')),
                ('photo', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='gallery.photo')),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('position', models.BigIntegerField(default=0)),
            ],
            options={
                'verbose_name': 'album entry',
                'verbose_name_plural': 'album entries',
                'indexes': [models.Index(fields=['album', 'position', 'photo'], name='album_by_hand')],
                'constraints': [models.UniqueConstraint(fields=('album', 'photo'), name='album_holds_a_photo_once')],
            },
        ),
        migrations.CreateModel(
            name='Instance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('detection', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='instances', to='gallery.detection')),
                ('left', models.FloatField()),
                ('top', models.FloatField()),
                ('width', models.FloatField()),
                ('height', models.FloatField()),
                ('confidence', models.FloatField()),
                ('colours', models.JSONField(blank=True, default=list)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('height__range', (0, 1)), ('left__range', (0, 1)), ('top__range', (0, 1)), ('width__range', (0, 1))), name='instance_box_on_the_picture'), models.CheckConstraint(condition=models.Q(('confidence__range', (0, 100))), name='instance_confidence_in_range')],
            },
        ),
        migrations.CreateModel(
            name='RunEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('run', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='gallery.run')),
                ('photo', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='gallery.photo')),
                ('was', models.CharField(blank=True, max_length=7)),
                ('was_because', models.TextField(blank=True)),
                ('before', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='gallery.analysis')),
                ('after', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='gallery.analysis')),
                ('won', models.JSONField(default=list, help_text='Names of labels that came.')),
                ('lost', models.JSONField(default=list, help_text='Names of labels that went.')),
                ('changed', models.JSONField(default=list, help_text='[name, confidence before, after].')),
                ('outcome', models.CharField(blank=True, choices=[('done', 'done'), ('skipped', 'skipped'), ('failed', 'failed'), ('put_back', 'put back')], max_length=8)),
                ('finished_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(models.F('run'), models.F('outcome'), models.F('photo'), name='run_entry_by_outcome')],
                'constraints': [models.UniqueConstraint(fields=('run', 'photo'), name='run_takes_a_photo_once'), models.CheckConstraint(condition=models.Q(models.Q(('finished_at', None), ('outcome', '')), models.Q(('finished_at__isnull', False), ('outcome__in', ['done', 'skipped', 'failed', 'put_back'])), _connector='OR'), name='run_entry_finished_with_an_outcome')],
            },
        ),
        migrations.CreateModel(
            name='Share',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('owner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('album', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='shares', to='gallery.album')),
                ('photo', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='shares', to='gallery.photo')),
                ('token_hash', models.CharField(editable=False, max_length=64, unique=True)),
                ('password', models.CharField(blank=True, help_text='Hashed.', max_length=128, verbose_name='password')),
                ('allow_download', models.BooleanField(default=True, verbose_name='may be downloaded')),
                ('show_labels', models.BooleanField(default=False, verbose_name='labels are shown')),
                ('expires_at', models.DateTimeField(blank=True, null=True, verbose_name='ends')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('visits', models.PositiveIntegerField(default=0, verbose_name='visits')),
                ('visited_at', models.DateTimeField(blank=True, null=True, verbose_name='last visit')),
            ],
            options={
                'verbose_name': 'share',
                'verbose_name_plural': 'shares',
                'indexes': [models.Index(models.F('owner'), models.OrderBy(models.F('created_at'), descending=True), name='share_newest_first')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('album', None), ('photo__isnull', False)), models.Q(('album__isnull', False), ('photo', None)), _connector='OR'), name='share_of_one_thing')],
            },
        ),
    ]
