"""The smallest changes of a submission that win points back or reach a better grade."""
