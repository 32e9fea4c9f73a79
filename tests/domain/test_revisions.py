from consent.domain.revisions import Mark, Passage, revised


def passages(*texts, tag="p"):
    """Return paragraphs."""
    return tuple(Passage(tag, text) for text in texts)


def marked(old, new):
    """Return what changed as text: what was added in +plus+, what went in -minus-."""
    signs = {Mark.SAME: "", Mark.ADDED: "+", Mark.REMOVED: "-"}
    return [
        "".join(f"{signs[mark]}{text}{signs[mark]}" for mark, text in passage.pieces)
        for passage in revised(old, new)
    ]


def test_a_changed_number_is_shown_word_for_word_where_it_stands():
    old = passages("Who we are.", "Images are kept for 14 days after you leave.")
    new = passages("Who we are.", "Images are kept for 30 days after you leave.")

    assert marked(old, new) == [
        "Who we are.",
        "Images are kept for -14 -+30 +days after you leave. ",
    ]


def test_new_and_old_passages_are_shown_whole_in_reading_order():
    old = passages("One stays.", "Nothing alike goes.", "Three stays.")
    new = passages("One stays.", "Three stays.", "Entirely other words come.")

    assert marked(old, new) == [
        "One stays.",
        "-Nothing alike goes.-",
        "Three stays.",
        "+Entirely other words come.+",
    ]


def test_a_passage_changed_after_one_that_went_is_still_compared():
    old = passages("This one is gone.", "We keep it for one year at most.")
    new = passages("We keep it for two years at most.")

    assert marked(old, new) == [
        "-This one is gone.-",
        "We keep it for -one year -+two years +at most. ",
    ]


def test_a_heading_never_becomes_a_paragraph():
    old, new = passages("Your rights", tag="h2"), passages("Your rights")

    assert marked(old, new) == ["+Your rights+", "-Your rights-"]


def test_without_spaces_it_is_told_by_character():
    assert marked(
        passages("保存期間は十日です。"), passages("保存期間は百日です。")
    ) == ["保存期間は-十-+百+日です。 "]


def test_only_what_changed_counts_as_changed():
    old, new = passages("Same.", "Old one."), passages("Same.", "New one.")

    assert [passage.is_changed for passage in revised(old, new)] == [False, True]
