"""Plan files: how tasks come in and go out, as JSON or as the operators' workbook."""
