import json, pytest, uuid
from django.test import Client
from accounts import tokens
from gallery.tests.making import *
def test_probe(alice, bob, django_assert_max_num_queries):
    c = Client(headers={"authorization": "Bearer "+tokens.issue(alice,"t")})
    a = Client(enforce_csrf_checks=True)
    p = make_photo(alice, filename="x.jpg"); make_jobs(p); make_detection(p,"Dog",aliases=["Hound"])
    for cl,m,u,k in [(a,"post","/api/v1/photos/",{}),(a,"get","/api/v1/photos/",{}),(c,"get","/api/v1/photos/",{}),
      (c,"put","/api/v1/photos/",{}),(c,"get","/api/v1/",{}),(c,"get","/api/v1/nope",{}),(c,"get","/api/v1/photos/zz/",{}),(c,"get",f"/api/v1/photos/{uuid.uuid4()}/",{}),
      (c,"patch",f"/api/v1/photos/{p.pk}/",dict(data="{bad",content_type="application/json")),
      (c,"patch",f"/api/v1/photos/{p.pk}/",dict(data={"caption":"x"*3_000_000},content_type="application/json")),
      (c,"patch",f"/api/v1/photos/{p.pk}/",dict(data='{"caption":"\\ud800"}',content_type="application/json")),
      (c,"patch",f"/api/v1/photos/{p.pk}/",dict(data={"taken_at":"2019-07-04T12:34:56+10:00"},content_type="application/json")),
      (c,"post","/api/v1/photos/",dict(data=b"garbage",content_type="multipart/form-data; boundary=")),
      (c,"post","/api/v1/photos/",dict(data=b"garbage",content_type="multipart/form-data; boundary=x")),
      (c,"get","/api/v1/photos/?label=%00",{}),(c,"get","/api/v1/labels/?q=%00",{}),(c,"get","/api/v1/photos/?label="+"x"*10000,{}),
      (c,"get","/api/v1/photos/?cursor=%00",{}),(c,"get","/api/v1/openapi.json",{}),
      (c,"get","/api/v1/account/",{}),(c,"get","/api/v1/photos/timeline/",{}),(c,"get",f"/api/v1/photos/{p.pk}/original/",{}),
      (c,"head","/api/v1/photos/",{}),
      ]:
        r = getattr(cl,m)(u,**k)
        print(m.upper(),u[:60],r.status_code,dict(r.headers), r.content[:700].decode())
