using System.Text;

namespace Goodhart.Text.Tokenizers.Bpe;

/// <summary>Reads the normalizer of a <c>tokenizer.json</c>.</summary>
internal static class NormalizerReader
{
    public static INormalizer Read(JsonField field) => Components.Of(field, "normalizers").Select(One).ToList() switch
    {
        [] => new NoNormalizer(),
        [INormalizer only] => only,
        List<INormalizer> several => new NormalizerSequence(several),
    };

    private static INormalizer One(JsonField step) => step.Kind switch
    {
        "NFC" => new UnicodeNormalizer(NormalizationForm.FormC),
        "NFD" => new UnicodeNormalizer(NormalizationForm.FormD),
        "NFKC" => new UnicodeNormalizer(NormalizationForm.FormKC),
        "NFKD" => new UnicodeNormalizer(NormalizationForm.FormKD),
        "Prepend" => new PrependNormalizer(step["prepend"].Text()),
        "Replace" => new ReplaceNormalizer(Components.Literal(step["pattern"]), step["content"].Text()),
        string other => throw step.Unsupported($"the normalizer {other}", "NFC, NFD, NFKC, NFKD, Prepend, Replace, and sequences of them"),
    };
}
