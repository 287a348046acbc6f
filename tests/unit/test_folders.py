"""Names of boards: safe on any file system, never outside their root."""

import pytest
from aldar_storyboard.storyboard.errors import InputError
from aldar_storyboard.storyboard.folders import board_folder, slug
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    "name", ["..", "../x", "a/../../x", "/etc", "C:\\x", "\\\\host\\x", "", "  ", "a/..\\..\\b"]
)
def test_a_board_name_never_leads_out(tmp_path, name):
    with pytest.raises(InputError) as caught:
        board_folder(tmp_path, name)
    assert caught.value.code == "folder_outside"


def test_a_board_name_never_follows_a_link_out(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "in").mkdir()
    (tmp_path / "in/link").symlink_to(tmp_path / "out")
    with pytest.raises(InputError):
        board_folder(tmp_path / "in", "link")


def test_plain_names_stay_as_they_are(tmp_path):
    assert board_folder(tmp_path, "aldar/storyboard") == tmp_path / "aldar/storyboard"
    assert board_folder(tmp_path, "Алдар Көсе 2") == tmp_path / "Алдар Көсе 2"
    assert board_folder(tmp_path, ".") == tmp_path


@given(st.text(max_size=120))
def test_any_name_gives_a_safe_folder_or_a_clear_error(tmp_path_factory, name):
    root = tmp_path_factory.getbasetemp()
    try:
        folder = board_folder(root, name)
    except InputError:
        return
    assert folder.resolve().is_relative_to(root.resolve())
    for part in folder.relative_to(root).parts:
        assert len(part.encode()) <= 255
        assert not set(part) & set('<>:"|?*\x00')


def test_slugs_keep_letters_of_every_script():
    assert slug("Алдар Көсе, — 7!") == "алдар-көсе-7"
    assert slug("!!!") == ""
