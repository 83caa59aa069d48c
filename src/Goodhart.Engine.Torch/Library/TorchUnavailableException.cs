namespace Goodhart.Engine.Torch.Library;

/// <summary>libtorch is not there, or not one that can be used: what was looked for, and what to do.</summary>
public sealed class TorchUnavailableException(string message, Exception? inner = null) : InvalidOperationException(message, inner);
