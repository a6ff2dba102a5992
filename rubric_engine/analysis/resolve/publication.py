"""``published as percent of applicable maximum, rounded half-up to 2 places``: how the total is made known."""

from rubric_engine.model import At
from rubric_engine.plan.plan import Publication, PublishedForm, Rounding
from rubric_engine.rules.forms.clauses import rounding
from rubric_engine.rules.names.scope import Scope
from rubric_engine.syntax.tree import nodes as n


def resolve_publication(clause: n.PublishedAs, scope: Scope) -> At[Publication]:
    """The form and the rounding of the share; places of a percent are places of the percent, so a hundredth each."""
    form = PublishedForm(clause.form)
    to = rounding(clause.rounded)
    if form is PublishedForm.POINTS and clause.rounded is not None:
        # Points are rounded where the total is declared, and only there.
        scope.report("RUB210", clause.rounded.span, clause=scope.words(clause.rounded.span), help="help_published")
        return At(Publication(form), clause.span)
    if form is PublishedForm.PERCENT and to is not None:
        to = Rounding(to.mode, to.step / 100)
    return At(Publication(form, to), clause.span)
