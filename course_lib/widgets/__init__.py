"""Interactive views, one a file: pure arithmetic (`compute`), a view that is updated, labelled controls."""

from course_lib.lazy_names import load_when_asked

_HOMES = {
    "ArchitectureExplorer": "architecture_explorer",
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
    "SearchLab": "search_lab",
    "ShiftLab": "shift_lab",
    "SignalThroughDepth": "signal_through_depth",
    "SizeAccountant": "size_accountant",
    "SurfaceExplorer": "surface_explorer",
    "TrainingMonitor": "training_monitor",
    "TransferLab": "transfer_lab",
    "Whitening": "whitening",
    "WithAndWithout": "with_and_without",
}

__all__ = sorted(_HOMES)
__getattr__, __dir__ = load_when_asked(__name__, _HOMES)
