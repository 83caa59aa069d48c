namespace Goodhart.Text.Datasets;

/// <summary>Why a row is passed over and counted. Anything else that is wrong with a row is an error.</summary>
public enum SkipReason
{
    /// <summary>Neither a chosen nor a rejected response: absent or null. Usual where a judge called two responses equal.</summary>
    NoPreference,

    /// <summary>One of the two responses is absent or null.</summary>
    OneResponse,

    /// <summary>The prompt is absent or null.</summary>
    NoPrompt,

    /// <summary>The two dialogues do not begin alike up to an assistant's turn.</summary>
    NoSharedPrompt,

    /// <summary>No completion: absent, null, or a conversation that does not end with an assistant's turn.</summary>
    NoCompletion,

    /// <summary>The label is absent or null.</summary>
    NoLabel,

    /// <summary>A response that is labelled undesirable, where responses to imitate are wanted.</summary>
    Undesirable,
}
