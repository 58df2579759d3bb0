"""Labels keep off each other."""

import re

from bongsu.console.report.labels import CHARACTER_PX, LabelBoard


def test_labels_of_near_points_do_not_overlap() -> None:
    board = LabelBoard(width_px=400, height_px=300)
    for number in range(5):
        board.place(f"place {number}", 200.0 + 3 * number, 150.0)
    boxes = board.taken
    for n, one in enumerate(boxes):
        for other in boxes[n + 1 :]:
            across = min(one[1], other[1]) - max(one[0], other[0])
            down = min(one[3], other[3]) - max(one[2], other[2])
            assert across <= 0 or down <= 0


def test_a_label_at_the_right_edge_turns_to_the_left() -> None:
    board = LabelBoard(width_px=400, height_px=300)
    label = board.place("true impact", 396.0, 150.0)
    found = re.search(r'x="([0-9.]+)"', label.markup)
    assert found is not None
    assert float(found.group(1)) + CHARACTER_PX * len("true impact") < 396.0


def test_a_label_keeps_off_a_marker() -> None:
    board = LabelBoard(width_px=400, height_px=300)
    board.block(230.0, 150.0, half_px=8.0)
    board.place("name", 210.0, 150.0)
    left, right, _, _ = board.taken[-1]
    assert right <= 222.0 or left >= 238.0 or board.taken[-1][3] <= 142.0
