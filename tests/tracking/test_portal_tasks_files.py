"""The list of tasks as a file: the same rows, order and columns as the page, and what was asked."""

import csv
import io
from datetime import datetime
from typing import Any

import openpyxl
import pytest
from django.test import Client
from docx import Document

from tests.tracking.portal_tasks import DAY, codes, events, many, portfolio, reader, task, words

pytestmark = pytest.mark.django_db

ASKED = "&standing=overdue&standing=in_time&standing=completed_late&sort=-due_on"


def take(client: Client, form: str, asked: str = "") -> Any:
    response = client.get(f"/tasks/export/{form}/{DAY}{asked}")
    assert response.status_code == 200, response
    return response


def csv_rows(response: Any) -> list[list[str]]:
    text = response.content.decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:])))


def csv_table(response: Any) -> list[list[str]]:
    """The rows below the heads."""
    rows = csv_rows(response)
    return rows[rows.index([]) + 2 :]


def test_every_format_holds_the_rows_of_the_page_in_their_order() -> None:
    portfolio()
    client = reader()
    expected = codes(client.get(f"/tasks/{DAY}{ASKED}"))
    assert len(expected) == 4
    assert [row[0] for row in csv_table(take(client, "csv", ASKED))] == expected
    sheet = openpyxl.load_workbook(io.BytesIO(take(client, "xlsx", ASKED).content)).worksheets[0]
    top = sheet.freeze_panes.partition("A")[2]
    assert [row[0].value for row in sheet.iter_rows(min_row=int(top))] == expected
    document = Document(io.BytesIO(take(client, "docx", ASKED).content))
    assert [row.cells[1].text for row in document.tables[0].rows][1:] == expected


def test_the_first_lines_say_day_knowledge_filters_order_and_number() -> None:
    portfolio()
    rows = csv_rows(
        take(reader(), "csv", "&lead=QLD&flags=blocked&text=du lieu&known_at=2025-11-18")
    )
    facts = dict(row for row in rows[1 : rows.index([])])
    assert facts["As of the end of"] == "18/11/2025"
    assert facts["Data recorded up to"] == "18/11/2025 23:59"
    assert facts["Department or partner"] == "Drugs"
    assert facts["All of these hold"] == "waiting for another body"
    assert facts["Code or words of the title"] == "du lieu"
    assert facts["Sorted by"] == "standing, overdue first"
    assert facts["Tasks"] == "1"


def test_all_pages_are_in_the_file_not_only_the_first() -> None:
    many(60)
    assert len(csv_table(take(reader(), "csv"))) == 60


def test_a_workbook_has_real_days_and_numbers_a_frozen_head_and_filters() -> None:
    portfolio()
    content = take(reader(), "xlsx", "&lead=QLD").content
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    top = int(sheet.freeze_panes.partition("A")[2])
    heads = [cell.value for cell in sheet[top - 1]]
    row = dict(zip(heads, (cell.value for cell in sheet[top]), strict=True))
    assert row["Current deadline"] == datetime(2025, 11, 10)  # noqa: DTZ001 - as Excel has it
    assert (row["Days late"], row["Working days late"]) == (8, 6)
    assert sheet.auto_filter.ref == f"A{top - 1}:I{top}"
    said = [sheet.cell(row=number, column=1).value for number in range(1, top - 1)]
    assert "As of the end of: 18/11/2025" in said


def test_only_the_columns_chosen_are_in_the_file() -> None:
    portfolio()
    rows = csv_rows(take(reader(), "csv", "&lead=QLD&columns=waiting"))
    assert rows[rows.index([]) + 1] == ["Code", "Task", "Waiting for"]


def test_a_text_that_a_spreadsheet_would_compute_stays_a_text() -> None:
    titles = ["=HYPERLINK(0)", "+1", "-1", "@x", " =1", "Bình thường"]
    rows = [task(f"F{n}", title) for n, title in enumerate(titles)]
    portfolio(tasks=rows, events=[e for row in rows for e in events(row["code"], "2025-12-01")])
    client = reader()
    written = [row[1] for row in csv_table(take(client, "csv", "&sort=code"))]
    assert all(text.startswith("'") for text in written[:-1])
    assert written[-1] == "Bình thường"
    sheet = openpyxl.load_workbook(io.BytesIO(take(client, "xlsx").content)).worksheets[0]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_the_name_of_the_file_is_plain_and_says_the_day() -> None:
    portfolio()
    response = take(reader(), "xlsx")
    assert response["Content-Disposition"] == 'attachment; filename="tasks-2025-11-18.xlsx"'
    assert response["X-Content-Type-Options"] == "nosniff"


def test_more_tasks_than_a_word_document_bears_are_told_what_to_do(monkeypatch: Any) -> None:
    from dataclasses import replace

    from tracking.renderers import task_export

    forms = {**task_export.FORMS, "docx": replace(task_export.FORMS["docx"], most=2)}
    monkeypatch.setattr("tracking.pages.task_export.FORMS", forms)
    portfolio()
    client = reader()
    page = client.get(f"/tasks/export/docx/{DAY}&sort=code", follow=True)
    assert "at most 2 tasks, and these are 5: filter further, or take Excel or CSV." in words(page)
    assert page.redirect_chain[0][0].endswith("as_of=2025-11-18&sort=code")


def test_no_file_is_made_of_filters_that_hold_a_mistake() -> None:
    portfolio()
    page = reader().get(f"/tasks/export/csv/{DAY}&standing=late", follow=True)
    assert "No file was made: correct what the filters say first." in words(page)
    assert "“late” is not among the choices" in words(page)


def test_there_is_no_other_format() -> None:
    assert reader().get("/tasks/export/pdf/").status_code == 404
