"""
Other people's files: read strictly, or refused with the line.

The words of the format read (voter, vote) are used in these modules and nowhere else.
"""
