using Goodhart.Text.Datasets.Files;

namespace Goodhart.Text.Datasets;

/// <summary>A prompt of a file, and the row that it was found in.</summary>
/// <param name="Text">Everything the model is given.</param>
public sealed record PromptText(DataRow Source, string Text);
