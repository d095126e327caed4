"""What every app stands on: access, errors, jobs, files, fields, base views. Knows Django, DRF and Celery, and no app of ours."""
