namespace Goodhart.Models.HuggingFace;

/// <summary>What stands on a GPT-NeoX trunk.</summary>
public enum OutputHead
{
    /// <summary>Logits over the vocabulary: transformers' GPTNeoXForCausalLM.</summary>
    Language,

    /// <summary>One number: GPTNeoXForSequenceClassification with one label, which is how reward and value models are stored.</summary>
    Score,
}

/// <summary>The names that config.json has for them.</summary>
internal static class OutputHeads
{
    private const string Language = "GPTNeoXForCausalLM";
    private const string Score = "GPTNeoXForSequenceClassification";

    public static string NameOf(OutputHead head) => head == OutputHead.Score ? Score : Language;

    /// <summary>A file that names no architecture is a language model, as files of old have it.</summary>
    /// <exception cref="InvalidDataException">A score per label where one is expected.</exception>
    public static OutputHead Read(ConfigFields fields)
    {
        if (fields.FirstText("architectures") != Score)
        {
            return OutputHead.Language;
        }

        int labels = fields.OptionalInt("num_labels") ?? fields.Object("id2label")?.Count ?? 2;
        return labels == 1
            ? OutputHead.Score
            : throw fields.Refuse("num_labels", "1: a reward model gives one score", FormattableString.Invariant($"{labels} labels"));
    }
}
