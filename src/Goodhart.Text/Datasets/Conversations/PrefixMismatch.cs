namespace Goodhart.Text.Datasets.Conversations;

/// <summary>What becomes of a row whose prompt, as the model's template writes it, is not how the text with an answer begins.</summary>
public enum PrefixMismatch
{
    /// <summary>It ends the reading.</summary>
    Refuse,

    /// <summary>What all texts of the row share is the prompt, as TRL has it; such rows are counted.</summary>
    Common,
}
