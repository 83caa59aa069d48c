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

/// <summary>Reasons in words, for people.</summary>
public static class SkipReasons
{
    public static string Phrase(this SkipReason reason) => reason switch
    {
        SkipReason.NoPreference => "no chosen and no rejected response",
        SkipReason.OneResponse => "one of the two responses is missing",
        SkipReason.NoPrompt => "no prompt",
        SkipReason.NoSharedPrompt => "the two dialogues share no prompt",
        SkipReason.NoLabel => "no label",
        SkipReason.Undesirable => "a response that is labelled undesirable",
        _ => "no completion",
    };
}
