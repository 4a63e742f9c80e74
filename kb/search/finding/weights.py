"""The one table of what finding is tuned by: every number of queries, ranking, hints, correction and snippets.

`python -m bench.search_quality` prints it above what it leads to. What words of a title, summary, label or text are
worth in the index stands in `kb.search.engine.schema.PARTS`: a change there needs a new index.
"""

Number = int | float

# How much of what is typed is read.
MAX_CHARACTERS = 400  # a story of 30 words has 190, of 60 words 390; with 200 the end of it was never read
MAX_WORDS = 40  # with 20: of 12 stories .50 right first instead of .58, .58 in three instead of .92
MOST_ALTERNATIVES = 5  # of OR: each is a query of its own, and costs as much
MOST_WITHOUT = 8  # things that are left out

# What it is worth to find a word …
FOLDED = 0.85  # … as "vald" for våld, when nothing in the query has å, ä or ö
FOLDED_BESIDE_MARKS = 0.4  # … and when something has
PART = 0.8  # … as a part of a compound
JOINED = 0.95  # … joined with its neighbour
APART = 0.4  # … as the parts of the compound that it is, all of them
HEAD = 0.3  # … as the head of a compound that no text answers otherwise; less than all of its parts
HEAD_SHARE = 0.1  # … when so many of the texts hold it: rutin 72 of 194, resultat 12, mönster 12, tips 9
LOOSE = 0.3  # … as its numbers, anywhere
ONE_GROUP = 0.1  # … as one of the groups that a number was typed in
SYNONYM = 0.6  # … as what it is a synonym of
ROOT = 0.5  # … as the verb behind the noun, or the noun from the verb
# … all of these times how much less it says by itself, to this power: rare words among the first three (search_rare,
# 150 texts) 0 .02, 1 .32, 2 .70, 4 .95; with 2 field counted .698 → .721 first, own .938 → .934 in all
OWN_RARITY = 2.0

# Synonyms.
SYNONYM_WORDS = 6  # typed words at most
FOREIGN = 5  # letters that a word of another language begins with in all its inflections …
FOREIGN_CHANGED = 2  # … where so many of its last may be others (väkivalta, väkivallan) …
FOREIGN_ENDING = 6  # … before so many more (uhkaus, uhkauksesta)
SYNONYM_TARGETS = 8  # what one of them may stand for
SYNONYM_RARITY = 0.5  # … the power of what that says beside what was typed: own queries .930 with 0, .25, .5
SYNONYM_BELOW = (
    0.8  # … at most so much of the best text with the word in a title or label: less than ACUTE_SHARE
)
WIDE = 0.3  # … one that more of the texts hold is found only in those that are about it: soc opens 67 of 182, not 168
WIDE_FROM = 20  # … and more than one page of hits

# The share of the query's weight that must be found, by the number of words in it.
COVERAGE = {1: 0.45, 2: 0.45, 3: 0.4, 4: 0.28, 5: 0.2}
COVERAGE_LONG = 0.15
COVERAGE_ABOUT = 0.15  # … in a text that is about a word of the subject; unknown words do not count then
SHARE = 0.5  # the power of the share that was found, in the score: with 1 one word more keeps .956 instead of .967

# How much a word says, and what makes a text one about it.
OTHER_TEXTS = 300  # ours stand among so many others in Swedish: with 1,000 SweFAQ falls from .622 to .615
TEXT_WORDS = 300  # … of so many words each, as ours are on the average
COUNTED = 16  # of a word of so few texts those count that the reader may see: of 17, one is .06 less
SUBJECT = 3.0  # a word that is so many times commoner here than there is one of what this library is about
ABOUT = 0.45  # a text is about a word that is worth so much in it: a title, summary, label, or many times in the text
TITLED = 1.0  # more for a word of titles; without: short queries .50 in three, not .75, stories .75, not .92
TITLE_SHARE = 0.01  # … than this share of them, by the logarithm of how many times: hot 2.3, våld 1.7
TITLED_MOST = 0.65  # … at most this of what a word of one text says: *drönare hot* gives the drone
LONG = 10  # letters of a long word …
LONG_WORD = 1.4  # … and so much more that it says
CIRCUMSTANCE = 0.5  # so much of it behind a preposition of place: .92 of stories in three, .83 with .6

# What the score of a text is multiplied by.
PHRASE_BONUS = 0.3  # more for each time that quoted words stand there together …
PHRASE_IN_TITLE = 0.5  # … and for the title
KIND_BONUS = 1.4
PHASE_BONUS = 1.2
ONLY_PHASE_BONUS = 1.45  # … and so much more when the text is about no other phase
SAYING_SHARE = 0.9  # what to do comes before what to say (templates, claims), unless a kind is asked for
CASE_SHARE = 0.85  # … and before what happened to others: right first .926 of own queries, .920 with .8 or 1
STORY = 6  # words of content: somebody tells what happened, and asks what to do …
STORY_ACUTE = 1.3  # … so acute lists score so much more: of 12 stories .58 right first, without .50
STORY_SAYING = 0.8  # … and what to say so much less: .92 in three, without .75
LIFTED = 1.15  # for "under", on what goes on in the viewer's unit: passes a near equal, not a better answer
OLD_PENALTY = {365: 0.98, 730: 0.95}  # days since the last review

# How near the words of the query stand.
NEAR_TOP = 30  # so many of the best hits are looked at
NEAR_BONUS = 0.5  # so much more for a text with one phrase that holds the whole query …
NEAR_WHOLE = (
    1.0  # … or this, for one of two words or more that the query holds: field counted .72 → .74 right first,
)
NEAR_WHOLE_POWER = 2  # … to this power of the share of it; 1.5 costs own queries .003, .7 as add-on .005
NEAR_ENOUGH = (
    8.0  # … when its words say so much: two rare ones or three; with 5 own queries right first .920, not .926
)

# What comes first for another reason than its score.
ACUTE_SHARE = 0.85  # an acute checklist whose score is at least this share of the best one
ACUTE_NAMED = (
    0.55  # … or this share, named after a word of the query: with .85 short queries .42 right first, not .50
)
ACUTE_MOST = 3
MOST_PROMOTED = 5  # texts that editors choose for one query

# Correction.
SHORTEST_WORD = 4  # letters, of a word or of the last part of a compound
ERRORS = {4: 1, 6: 2, 13: 3}  # from so many letters so many errors
LONGEST_WORD = 30  # letters
SHORTEST_PART = 5  # letters of a part of a compound that is looked for by itself
SURE = 8  # a word of so many letters that looks like a compound may be misspelt all the same
FIRST_LETTER = 0.6  # a wrong first letter costs so much more
OTHER_FORM = 0.1  # so much costs a word that the texts have in another inflection only
SLIGHT = 1.5  # with more errors the words that it may be made of are tried first
BESIDE = 0.7  # so much less wrong is a word that stands beside its neighbour in a text …
IN_TITLE = 0.4  # … that stands in a title or label with another word of the query …
IN_TEXT = 0.2  # … or in a text
MARKS = 0.3  # so much costs a word that differs by its marks only, and by so much the language may be nearer
MOST_CANDIDATES = 12
MOST_CORRECTED = 3  # words of a query
SHORTEST_NUMBER = 8  # digits of a number that may have …
WRONG_DIGITS = 2  # … so many of them wrong

# The passage under a title, in characters.
SNIPPET = 190
SNIPPET_SLACK = 40  # all that it shows together stands in so many less
WORD_BEFORE = 40  # how far before the first mark a word may begin, where its sentence is too long
SHARE_WORTH = 0.25  # of a word that is found as its parts: so much of it is one of these alone
HEADING_WORTH = 0.5  # so many words of the query less than in running text is a passage in a heading worth …
BESIDE_WORTH = 1.5  # … or in a table, a source or facts: it is shown when running text answers two words less
MOST_MATCHES = 40  # marks that are looked for …
MATCHES_TOGETHER = 12  # … and looked at together
PAGE = 3000  # so many characters of a text are looked through at a time
BEFORE_HYPHEN = 32  # letters at most, in a word that answers as a whole


def table() -> dict[str, Number | dict[int, Number]]:
    """Name → value of everything above, in this order."""
    return {name: value for name, value in globals().items() if name.isupper()}
