"""A credential that sees less than before must not empty the warehouse."""

from tests.shared.engine import company, sync, warehouse


def streams(source, **options):
    return [source.task_stream(**options), source.colour_stream(**options)]


def lose(source, share):
    for number in [each for each in source.tasks if each % 10 < share]:
        source.remove(number, signal=False)
    for number in [each for each in source.colours if each % 10 < share]:
        del source.colours[number]


def test_where_several_tables_lose_much_at_once_nothing_is_deleted_however_often_it_is_looked_at():
    source, destination = company(500, 400), warehouse()
    sync(source, destination, streams(source, hides=True))
    lose(source, 4)
    for _ in range(4):
        sync(source, destination, streams(source, hides=True), full_pass_days=0)
        assert len(destination.rows["task"]) == 500 and len(destination.rows["colour"]) == 400
    assert any("may see less" in warning for warning in destination.warnings)


def test_what_is_kept_in_doubt_is_not_looked_for_at_every_sync():
    source, destination = company(500, 400), warehouse()
    sync(source, destination, streams(source, hides=True))
    lose(source, 4)
    for _ in range(2):
        sync(source, destination, streams(source, hides=True), full_pass_days=0)
    sync(source, destination, streams(source, hides=True))
    assert not any(asked.startswith("tasks after") for asked in source.asked)


def test_a_large_loss_of_one_table_is_believed_at_the_second_look():
    source, destination = company(500, 400), warehouse()
    sync(source, destination, streams(source, hides=True))
    for number in range(1, 201):
        source.remove(number, signal=False)
    sync(source, destination, streams(source, hides=True), full_pass_days=0)
    assert len(destination.rows["task"]) == 500
    sync(source, destination, streams(source, hides=True))
    assert len(destination.rows["task"]) == 300


def test_rows_that_come_back_are_no_longer_doubted():
    source, destination = company(500, 400), warehouse()
    sync(source, destination, streams(source, hides=True))
    tasks, colours = dict(source.tasks), dict(source.colours)
    lose(source, 4)
    for _ in range(2):
        sync(source, destination, streams(source, hides=True), full_pass_days=0)
    source.tasks.update(tasks)
    source.colours.update(colours)
    sync(source, destination, streams(source, hides=True), full_pass_days=0)
    assert "doubted" not in destination.state["streams"]["task"]
    assert destination.rows["task"] == source.truth()["task"]
