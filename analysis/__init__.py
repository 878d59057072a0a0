"""What the runs mean: comparisons, sensitivity, figures, reports and the command line."""
