"""The quiz: fair patients, first answers that count, and a score."""

import pytest

from course_lib.training.faulty_runs import FAULTS
from course_lib.widgets import LossCurveQuiz
from course_lib.widgets.quiz_patients import (
    NOT_YET,
    PATIENTS,
    QuizParameters,
    case_of,
    clues_of,
    compute,
    fault_of,
)

ROUND = len(FAULTS)


def other_than(fault):
    return next(name for name in FAULTS if name != fault)


def test_every_fault_comes_once_in_each_round():
    faults = [fault_of(patient) for patient in range(1, PATIENTS + 1)]
    for first in range(0, PATIENTS, ROUND):
        assert set(faults[first : first + ROUND]) == set(FAULTS)
    assert faults[:ROUND] != faults[ROUND : 2 * ROUND]


@pytest.mark.slow
def test_the_doctor_is_right_on_nearly_all_patients():
    right = [case[1].diagnose().first == case[0] for case in map(case_of, range(1, PATIENTS + 1))]
    assert sum(right) >= 0.9 * PATIENTS


def test_an_open_question_gives_nothing_away():
    for patient in (1, 2, 3):
        figure = LossCurveQuiz.figure(patient=patient)
        fault = fault_of(patient)
        assert f"Patient {patient}: what is wrong?" in figure.alt
        assert fault not in figure.alt.replace("One in seventeen is healthy", "")


def test_clues_say_what_the_monitor_saw():
    patient = next(n for n in range(1, PATIENTS) if fault_of(n) == "gradients not applied")
    clues = " ".join(clues_of(case_of(patient)[1]))
    assert "Update to weight: 0 at first, 0 at last." in clues
    assert "480 training and 240 validation examples; 32 in each update." in clues


def test_the_first_answer_counts_and_the_score_is_kept():
    quiz = LossCurveQuiz()
    truth = fault_of(1)
    quiz.controls["answer"].value = other_than(truth)
    assert (quiz._result.right, quiz._result.total) == (0, 1)
    quiz.controls["answer"].value = truth
    assert (quiz._result.right, quiz._result.total) == (0, 1)
    quiz.controls["patient"].value = 2
    assert quiz.controls["answer"].value == NOT_YET
    quiz.controls["answer"].value = fault_of(2)
    assert (quiz._result.right, quiz._result.total) == (1, 2)
    assert "Score: you 1 of 2, the doctor" in quiz.message.value
    quiz.controls["patient"].value = 1
    assert quiz.controls["answer"].value == other_than(truth)
    assert quiz._result.total == 2


def test_after_the_answer_the_cause_is_told():
    fault, run = case_of(1)
    result = compute(QuizParameters(fault, 1, ((1, fault),)))
    figure = LossCurveQuiz.draw(result.parameters)
    assert f"{fault.capitalize()} (right)" in figure.alt
    assert result.cause in figure.alt
    assert result.doctor_right == (run.diagnose().first == fault)
    wrong = LossCurveQuiz.figure(answer=other_than(fault))
    assert f"(you say: {other_than(fault)})" in wrong.alt


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("answer", "measles"),
        ("patient", 0),
        ("patient", True),
        ("answered", ((1,),)),
        ("answered", [(1, "x")]),
    ],
)
def test_impossible_settings_are_refused_by_name(name, value):
    with pytest.raises(ValueError, match=f"{name} must"):
        QuizParameters(**{name: value})
