namespace Goodhart.Engine.Torch.Library;

/// <summary>libtorch refused an operation: its name and libtorch's own words.</summary>
public sealed class TorchException(string message) : InvalidOperationException(message);
