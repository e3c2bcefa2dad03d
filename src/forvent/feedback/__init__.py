"""Did it work? What to ask next."""

from forvent.feedback.next_questions import answer_texts, narrowing, next_questions, question_text

__all__ = ["answer_texts", "narrowing", "next_questions", "question_text"]
