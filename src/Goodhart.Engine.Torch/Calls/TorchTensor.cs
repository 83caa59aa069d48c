namespace Goodhart.Engine.Torch.Calls;

/// <summary>A handle of libtorch's; the scope in which it was made frees it.</summary>
internal readonly record struct TorchTensor(nint Handle);
