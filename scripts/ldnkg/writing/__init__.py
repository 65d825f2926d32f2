"""Write files so that no interruption leaves a part of them."""
