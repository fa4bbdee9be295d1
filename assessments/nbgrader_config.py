from visionquiz.nbgrader_plugin import configure_course

c = get_config()  # noqa: F821
configure_course(c, __file__, course_id="my-company")
