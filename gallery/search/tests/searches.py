"""Searches in the library that was made by hand, and what each must find, in the order it is shown."""

from typing import Final

# One a line: the search, a bar, the names. No confidence is asked for unless the search does.
SEARCHES: Final = """
 | beach puss duo rex maybe walk lunch sure wolf face someone crowd nothing unicorn cafe car ada
dog | duo rex maybe walk sure
Dog | duo rex maybe walk sure
DOG | duo rex maybe walk sure
dög | duo rex maybe walk sure
label:dog | duo rex maybe walk sure
LABEL:Dog | duo rex maybe walk sure
"dog" | duo rex maybe walk sure
" dog " | duo rex maybe walk sure
“dog” | duo rex maybe walk sure
label:"dog" | duo rex maybe walk sure
hound | duo rex maybe walk sure
HOUND | duo rex maybe walk sure
"canine friend" | duo rex maybe walk sure
"Canine  Friend" | duo rex maybe walk sure
label:"canine friend" | duo rex maybe walk sure
canine |
friend |
do |
dogs |
cat | puss duo
wolf | wolf
beach | beach walk
sea | beach
unicorn |
rex |
nice |
tree |
bone |
animal | puss duo rex maybe walk sure wolf
ANIMAL | puss duo rex maybe walk sure wolf
vehicle | car
automobile | car
car | car
cafe | cafe
café | cafe
CAFÉ | cafe
kaffeehaus | cafe
food | lunch
"hot dog" | lunch
"HOT DOG" | lunch
hot dog |
hot |
person | someone crowd
"ada lovelace" | ada
ada |
smoking | ada
"Animals and Pets" |
travel |
dog cat | duo
cat dog | duo
dog AND cat | duo
dog beach | walk
dog beach animal | walk
dog cat beach |
dog dog | duo rex maybe walk sure
hound dog | duo rex maybe walk sure
dog and cat |
dog or cat |
dog not cat |
dog OR cat | puss duo rex maybe walk sure
cat OR dog | puss duo rex maybe walk sure
dog OR dog | duo rex maybe walk sure
dog OR unicorn | duo rex maybe walk sure
unicorn OR griffin |
dog unicorn |
dog OR cat OR beach | beach puss duo rex maybe walk sure
dog beach OR car | walk car
car OR dog beach | walk car
cat OR dog beach OR food | puss duo walk lunch
(dog OR cat) beach | walk
beach (dog OR cat) | walk
(dog OR cat) (beach OR animal) | puss duo rex maybe walk sure
(dog) | duo rex maybe walk sure
((dog)) | duo rex maybe walk sure
(dog cat) OR (dog beach) | duo walk
dog (cat OR beach) | duo walk
dog -(cat OR beach) | rex maybe sure
-(cat OR beach) dog | rex maybe sure
dog -cat | rex maybe walk sure
dog NOT cat | rex maybe walk sure
dog AND NOT cat | rex maybe walk sure
dog -cat -beach | rex maybe sure
animal -dog | puss wolf
animal -dog -cat | wolf
animal -hound -cat | wolf
-dog | beach puss lunch wolf face someone crowd nothing unicorn cafe car ada
NOT dog | beach puss lunch wolf face someone crowd nothing unicorn cafe car ada
--dog | duo rex maybe walk sure
NOT NOT dog | duo rex maybe walk sure
-"hot dog" food |
-(-dog) | duo rex maybe walk sure
-(-dog -cat) | puss duo rex maybe walk sure
-(dog cat) animal | puss rex maybe walk sure wolf
dog -unicorn | duo rex maybe walk sure
-animal | beach lunch face someone crowd nothing unicorn cafe car ada
-animal -person -vehicle | beach lunch face nothing unicorn cafe ada
dog>90 | rex sure
dog>=90 | rex walk sure
dog > 90 | rex sure
dog>90% | rex sure
dog>89.999 | rex walk sure
dog>=97 | rex sure
dog>97 | sure
dog>=100 | sure
dog>100 | sure
dog>0 | duo rex maybe walk sure
dog>=0 | duo rex maybe walk sure
dog<90 | duo maybe
dog<=90 | duo maybe walk
dog<61 | maybe
dog<60 |
dog<0 |
label:dog>=90 | rex walk sure
hound>=90 | rex walk sure
"canine friend">=97 | rex sure
"hot dog">90 | lunch
"hot dog">93 |
label:"hot dog">=93 | lunch
animal<=81 | maybe wolf
dog>=90 beach | walk
dog>=90 beach>90 |
dog>=95 OR cat>=90 | puss rex sure
-dog>=90 animal | puss duo maybe wolf
animal -dog>95 | puss duo maybe walk wolf
dog -dog>90 | duo maybe walk
confidence:>=80 | beach puss duo rex maybe walk lunch sure wolf face someone crowd nothing unicorn cafe car ada
dog confidence:>=80 | duo rex walk sure
confidence:>=80 dog | duo rex walk sure
dog confidence:80 | duo rex walk sure
confidence:85 dog | duo rex walk sure
dog confidence:>85 | rex walk sure
CONFIDENCE:85 AND dog | duo rex walk sure
animal confidence:>81 | puss duo rex walk sure
(dog OR cat) confidence:>=90 | puss rex walk sure
dog cat confidence:>=86 |
dog>=60 confidence:>=95 | duo rex maybe walk sure
dog<70 confidence:>=95 | maybe
-dog confidence:>=90 animal | puss
confidence:>100 animal | sure
category:"Animals and Pets" | puss duo rex maybe walk sure wolf
category:"animals AND pets" | puss duo rex maybe walk sure wolf
category:travel | beach
category:Travel dog |
category:animals |
category:dog |
category:"Animals and Pets" confidence:>=90 | puss rex walk sure
category:"Animals and Pets" -dog | puss wolf
-category:"Animals and Pets" -person | beach lunch face nothing unicorn cafe car ada
category:"Animals and Pets" OR category:travel | beach puss duo rex maybe walk sure wolf
text:rex | rex
text:REX | rex
text:ex.j | rex
text:jpg | beach puss duo rex maybe walk lunch sure wolf face someone crowd nothing unicorn cafe car ada
text:.jpg dog | duo rex maybe walk sure
text:"by the sea" | walk
text:"BY  THE SEA" | walk
text:sea | walk
text:été | beach
text:ETE | beach
text:"à nice" | beach
text:invoice | unicorn
text:invoice dog |
text:dog |
text:% | unicorn
text:100% | unicorn
text:%_a | unicorn
text:_ | unicorn
text:\\ | unicorn
text:"invoice 100" |
text:' |
text:sea dog | walk
text:sea OR cat | puss duo walk
-text:jpg |
dog -text:sea | duo rex maybe sure
taken:2024 | beach puss duo rex
taken:2024-05 | duo rex
taken:2024-5 | duo rex
taken:2024-05-01 | rex
taken:2024-05-31 | duo
taken:2024-06 | puss
taken:2020-02-29 | wolf
taken:2020-02 | wolf
taken:2023-12-31 | maybe
taken:2024-05..2024-06 | puss duo rex
taken:2024-05-01..2024-06-15 | puss duo rex
taken:2024-05-02..2024-06-14 | duo
taken:2022..2023 | maybe walk
taken:2024.. | beach puss duo rex
taken:2024-07.. | beach
taken:..2016 | car ada
taken:..2015-12-31 | ada
taken:..2014 |
taken:2023-12-31..2024-05-01 | rex maybe
taken:9999 |
taken:0001..9999 | beach puss duo rex maybe walk lunch sure wolf face someone crowd nothing unicorn cafe car ada
taken:2024 dog | duo rex
taken:2024 -dog | beach puss
-taken:2024 dog | maybe walk sure
taken:2022 OR taken:2024-05-01 | rex walk
dog (taken:2022 OR taken:2023) | maybe walk
dog taken:2023..2024-05-01 | rex maybe
camera:canon | duo rex
camera:CANON | duo rex
camera:cänon | duo rex
camera:"eos r5" | duo rex
camera:"Canon EOS R5" | duo rex
camera:"Apple iPhone 15 Pro" | puss
camera:iphone | puss
camera:nikon | car
camera:% |
camera:leica |
camera:canon cat | duo
cat -camera:canon | puss
album:trip | beach rex
album:"Trip" | beach rex
album:TRIP dog | rex
album:"été 2024" | beach puss
album:"Ete 2024" -cat | beach
album:trip album:"Été 2024" | beach
album:trip OR album:"Été 2024" | beach puss rex
album:empty |
album:nowhere |
album:bobs |
dog -album:trip | duo maybe walk sure
dog -album:nowhere | duo rex maybe walk sure
is:favourite | rex sure
is:favorite | rex sure
IS:Favourite dog>100 | sure
dog -is:favourite | duo maybe walk
is:confirmed | sure
is:confirmed -dog |
dog -is:confirmed | duo rex maybe walk
is:unlabelled | face nothing unicorn
is:unlabeled | face nothing unicorn
-is:unlabelled taken:..2017 | cafe car ada
is:failed | unicorn
is:failed is:unlabelled | unicorn
-is:failed is:unlabelled | face nothing
is:trashed | binned
is:trashed dog | binned
dog is:trashed | binned
is:trashed bone | binned
is:trashed cat |
is:trashed is:favourite | binned
is:trashed album:trip | binned
is:trashed text:binned | binned
is:trashed category:"Animals and Pets" |
is:trashed OR dog | duo rex maybe walk sure binned
dog (is:trashed OR cat) | duo binned
dog -is:trashed | duo rex maybe walk sure
is:favourite -is:trashed | rex sure
is:trashed -dog |
has:location | beach puss
has:location cat | puss
-has:location cat | duo
has:caption | beach walk unicorn
has:caption -dog | beach unicorn
has:people | face someone crowd
has:people confidence:>=80 | face crowd
-has:people taken:2019 |
has:people -person | face
is:portrait | face
is:portrait -has:people |
size:>10MB | rex car
size:>=10MB | rex cafe car
size:<10MB taken:..2017 | ada
size:<=10MB taken:..2017 | cafe ada
size:>1GB | car
size:>=2gb | car
size:>2GB |
size:>1100000000 | car
size:>999999999999GB |
size:<1KB cat | puss duo
size:<1000 cat |
size:<=1000B cat | puss duo
size:>499.999KB size:<500.001KB | lunch
size:>0.5MB size:<11MB | cafe
-size:<1GB | car
' OR 1=1 |
'; DROP TABLE gallery_photo; |
"' OR ''='" |
text:"' OR 1=1 --" |
%s |
text:%s |
"""


def searches() -> list[tuple[str, list[str]]]:
    lines = [line.rpartition("|") for line in SEARCHES.splitlines() if line]
    return [(search.strip(), names.split()) for search, _, names in lines]
