"""The paid operations, a module each: what is asked, how the answer is read, and the rows it becomes.

Adding one is a module here and a line in `gallery/pipeline/steps.py`. Its name and its price are in the settings, and
its permission in deploy/iam/worker-options.json.
"""
