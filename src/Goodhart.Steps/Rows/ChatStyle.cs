using Goodhart.Text.Datasets.Conversations;

namespace Goodhart.Steps.Rows;

/// <summary>How the user wants conversations to become text.</summary>
/// <param name="Template"><see cref="Model"/>, <see cref="Plain"/> or a file; null: the model's own where its folder has one.</param>
/// <param name="Mismatch">Where the model's template writes another beginning once an answer follows.</param>
/// <param name="Date">What templates that ask for the date are told.</param>
public sealed record ChatStyle(string? Template, PrefixMismatch Mismatch = PrefixMismatch.Refuse, DateTime? Date = null)
{
    /// <summary>The template in the tokenizer's folder.</summary>
    public const string Model = "model";

    /// <summary>HH's layout, for models that know no other.</summary>
    public const string Plain = "plain";

    public static ChatStyle Usual { get; } = new((string?)null);
}
