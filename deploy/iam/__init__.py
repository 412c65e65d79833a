"""Who may do what in the AWS account: one policy a role, and the bucket's own settings, as AWS takes them."""
