print("leaven")
