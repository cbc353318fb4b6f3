"""An instructor grades a submission by the formgrader's button, inside JupyterLab."""

import os
import shutil
import subprocess
import sys

ASSIGNMENT = "01-zero-insertion"


def test_the_autograde_button_grades_a_submission(browser, course, server):
    submission = course / "classroom" / "submitted" / "ada" / ASSIGNMENT
    submission.mkdir(parents=True)
    shutil.copy(course / "notebooks" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb", submission)
    subprocess.run(
        [sys.executable, "-m", "nbgrader", "generate_assignment", ASSIGNMENT, "--force"],
        cwd=course,
        env={**os.environ, "HOME": str(course / "home")},
        check=True,
        capture_output=True,
    )

    page = browser.new_page(viewport={"width": 1300, "height": 800})
    page.goto(server)
    page.get_by_role("menuitem", name="Nbgrader").click(timeout=60_000)
    page.get_by_role("menuitem", name="Formgrader", exact=True).click()
    formgrader = page.frame_locator("iframe[src*='formgrader']")
    formgrader.locator("td.num-submissions a").click(timeout=60_000)
    formgrader.locator("td.autograde a").click(timeout=60_000)
    formgrader.get_by_text("Success", exact=False).first.wait_for(timeout=180_000)

    graded = course / "classroom" / "autograded" / "ada" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    assert graded.exists()
    assert formgrader.locator("td.score").inner_text().startswith("0 /")
    page.close()
