"""What a submission looks like, told in four ways: a pydantic model, a JSON Schema, a blank form, a table for people.

All follow the plan; none reads a value itself. Whatever the model or the schema accepts is read by
:class:`~rubric_engine.facts.facts.SubmissionReader`, which has the last word.
"""

from rubric_engine.submission.forms import template as template
from rubric_engine.submission.forms import template_markdown as template_markdown
from rubric_engine.submission.forms import template_text as template_text
from rubric_engine.submission.given import as_given as as_given
from rubric_engine.submission.model import submission_model as submission_model
from rubric_engine.submission.schema import json_schema as json_schema
