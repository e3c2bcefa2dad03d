"""What the quality card says between its tables."""

from __future__ import annotations

HEAD = """Every figure has its 95 % interval in brackets: bootstrap over texts, Wilson where it is a plain
share. **Below** marks what misses its bar. Language is detected, not given. Of the texts
below, none but lines of XED taught a head anything (their emotions stand for polarity; here only their
language is judged), and the fast tier was distilled on unlabelled texts of XED and Banking77; of the
Czech restaurant set the train split was learned from, and only its dev split is
judged. Some settings were chosen while looking at development sets, so on new text expect a little
less.
"""

POLARITY = """## Polarity by language

Macro-F1 of positive against negative on texts that are one of both; mean over the sets of the
language. Czech is judged on `cs_csrest`; `cs_facebook_mallcz` is shown among the sets. Fast may be
.07 lower on average and .12 anywhere, auto .02.
"""

FURTHER = """## Further languages

Of each of these, heads and networks learned from some 400 to 1,100 invented voices; the rest comes through
the encoder.
"""

MAPPED = """## Mentions on mapped outside labels {#mapped}

Labels of outside sets are mapped to the expectations they may be about by the tables in
`benchmarks/mappings`. A label is found if one of these is mentioned in its text; a mention is wrong
if labels of the scheme could have confirmed it and none of the text's does. Labels of neutral
opinions, and ids that a table marks as doubtful, are neither wanted nor wrong; *strict* is the F1
without such mercy. Only texts whose labels are all mapped, and not all neutral, count (*usable*);
texts without labels only in `cs_csrest`, where that means that they have no opinion. SemEval leaves
out opinions without a named term, and M-ABSA many others, so some right mentions count as wrong
there. Polarity is not compared here. Bar: micro-F1 0.60 in each language.
"""

BANKING = """Of questions to a bank whose intent is a trouble (`en_banking77`), the expectation behind it is
found in {shares}.
A bare question is no mention by our borders, so there is no bar.
"""

PARALLEL = """## The same review in several languages {{#parallel}}

Jaccard index of the sets of expectations of the same review in two languages (M-ABSA, dev split,
translated by machine), mean over the reviews in which either has a mention. *All*: over the fifteen
pairs. Bar: 0.65; {reviews} reviews.
"""

LANGUAGE = """## Detection of the language {#language}

Share of texts whose language is right. Bar: 0.99 on texts of at least 20 characters, mean
of the six languages. Short texts have fewer; lines of film subtitles are among them, and some of
these hold no word of their language, which counts as wrong.
"""

COVERAGE = """## Coverage {#coverage}

Share of the voices that say something in which at least one expectation is found, on the sets of
polarity. Plain satisfaction is no mention, so 1 is not the aim.
"""

GOLD = """## Own gold set {#gold}

Texts invented in the manner of real feedback, written and labelled apart from all training text
(`benchmarks/gold`). Micro-F1 of the expectations of each text; *and how met* with polarity,
*stated*: that it is stated in words, *source*: with where the expectation came from; each of these is
right only if the expectation is. *How met, where found* is the share of right mentions whose
polarity is right too. *Act* and *sentiment* (four kinds) are shares of whole texts, *polarity* the
macro-F1 on those labelled positive or negative, *irony* the F1 of texts marked as doubtful.
*Calibration* is the mean distance of the confidence of mentions from the share that is right. Bar:
micro-F1 0.75 of expectations.
"""

LEVELS = """### Stated levels {#levels}

What was expected, and what was got, right in expectation, role, value and unit (times compared in
seconds); *amounts* leaves the expectation out. Bar: precision 0.95, recall 0.90.
"""

ABSTAINING = """### Abstaining {#abstaining}

What it earns and costs to report only mentions from a confidence on; 0 is as it ships, with the
threshold chosen on training text. *Covered* is the share of all texts with a mention, *labelled* the
share in which the labels have one.
"""

AGREEMENT = """### Agreement of two labellings {#agreement}

The set was written and labelled twice by language models of one kind, the second time without sight of
the first labels; people may agree less, and no native reader has checked them. The micro-F1 between
both is a ceiling: beyond it identify would only follow one of them. Kappa is Cohen's, mean over the
expectations that either used; alpha is Krippendorff's, of the sentiment.
"""

SPEED = """## Speed, memory, size {{#speed}}

On this machine, two cores that others use too: compare within the page. A short text has at most
{short} tokens.
"""

ENGINE = """The encoder of the exact tier beside the bare engine: the same new texts in turn, {times}
rounds of {texts} texts; median texts a second, the best round, and the median ratio of the rounds. Bar: 0.95.
*Quiet* is what the engine reaches on two quiet cores.
"""
