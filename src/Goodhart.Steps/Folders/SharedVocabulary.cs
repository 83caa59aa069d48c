using Goodhart.Text.Tokenizers;

namespace Goodhart.Steps.Folders;

/// <summary>Two models can be compared token by token only if an id means the same to both.</summary>
public static class SharedVocabulary
{
    /// <exception cref="InvalidDataException">They differ in size or in a token.</exception>
    public static void Require(LoadedModel policy, LoadedModel reference)
    {
        if (policy.Model.VocabularySize != reference.Model.VocabularySize)
        {
            throw new InvalidDataException(
                $"{policy.Path} has a vocabulary of {policy.Model.VocabularySize} tokens and {reference.Path} of "
                    + $"{reference.Model.VocabularySize}; "
                + "expected models with the same vocabulary.");
        }

        if (policy.Tokenizer is { } first && reference.Tokenizer is { } second)
        {
            RequireSameTokens(policy.Path, first, reference.Path, second);
        }

        if (policy.EosId != reference.EosId)
        {
            throw new InvalidDataException(
                $"{policy.Path} ends a response with token {policy.EosId} and {reference.Path} with {reference.EosId}; expected the same.");
        }
    }

    private static void RequireSameTokens(string policyPath, ITokenizer policy, string referencePath, ITokenizer reference)
    {
        int count = Math.Max(policy.VocabularySize, reference.VocabularySize);
        for (int id = 0; id < count; id++)
        {
            string? first = id < policy.VocabularySize ? policy.TokenOf(id) : null;
            string? second = id < reference.VocabularySize ? reference.TokenOf(id) : null;
            if (first != second)
            {
                throw new InvalidDataException(
                    $"token {id} is '{first}' in {policyPath} and '{second}' in {referencePath}; expected models with the same "
                        + "vocabulary.");
            }
        }
    }
}
