"""Interactive views, one a file: pure arithmetic (`compute`), a view that is updated, labelled controls."""

from importlib import import_module

_HOMES = {
    "AugmentationGallery": "augmentation_gallery",
    "ConvolutionStepper": "convolution_stepper",
    "KernelGallery": "kernel_gallery",
    "LossCurveClinic": "loss_curve_clinic",
    "LossCurveQuiz": "loss_curve_quiz",
    "MinibatchLab": "minibatch_lab",
    "NormalisationCube": "normalisation_cube",
    "OptimiserRace": "optimiser_race",
    "PermutationSymmetry": "permutation_symmetry",
    "QuadraticDescent": "quadratic_descent",
    "ReceptiveField": "receptive_field",
    "RegulariserPlayground": "regulariser_playground",
    "ScheduleDesigner": "schedule_designer",
    "ShiftLab": "shift_lab",
    "SignalThroughDepth": "signal_through_depth",
    "SizeAccountant": "size_accountant",
    "SurfaceExplorer": "surface_explorer",
    "TrainingMonitor": "training_monitor",
    "Whitening": "whitening",
    "WithAndWithout": "with_and_without",
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
