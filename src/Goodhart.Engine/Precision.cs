namespace Goodhart.Engine;

/// <summary>In what a device stores activations and the weights that it multiplies by, and computes products.</summary>
/// <remarks>Whatever it is, master weights, gradients, optimizer states, statistics (of norms, log-sum-exps) and what losses read
/// (log-probs, scores) are float32.</remarks>
/// <param name="Name">As <c>--precision</c> has it.</param>
/// <param name="Storage">Of activations, their gradients, keys and values of the cache, and the weights that operations read.</param>
public sealed record Precision(string Name, DType Storage)
{
    public static Precision F32 { get; } = new("f32", DType.F32);

    /// <summary>Mixed precision: bfloat16 beside float32.</summary>
    public static Precision BF16 { get; } = new("bf16", DType.BF16);

    public static IReadOnlyList<Precision> All { get; } = [F32, BF16];

    /// <summary>Null: there is none of this name.</summary>
    public static Precision? Find(string name) => All.FirstOrDefault(precision => precision.Name == name);
}
