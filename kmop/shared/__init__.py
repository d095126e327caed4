"""What every app stands on: access, errors, jobs, files, fields, base views. Knows no app of ours."""
