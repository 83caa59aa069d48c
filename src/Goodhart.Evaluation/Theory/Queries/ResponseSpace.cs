namespace Goodhart.Evaluation.Theory.Queries;

/// <summary>How many prompts and responses there could be. All sizes are powers of ten: the numbers themselves have no type.</summary>
/// <param name="Vocabulary">Token ids, EOS among them.</param>
/// <param name="ResponseTokens">Longest response, EOS not counted.</param>
/// <param name="PromptTokens">Longest prompt.</param>
public sealed record ResponseSpace(int Vocabulary, int ResponseTokens, int PromptTokens)
{
    /// <summary>log₁₀ of the responses to one prompt.</summary>
    public double Log10Responses => Log10Texts(ResponseTokens);

    /// <summary>log₁₀ of the prompt-response space |X × Y|: the columns of Q.</summary>
    public double Log10PromptsAndResponses => Log10Texts(PromptTokens) + Log10Responses;

    /// <summary>log₁₀ of the share of all prompts and responses that a data set names.</summary>
    public double Log10Share(long responses) => Math.Log10(responses) - Log10PromptsAndResponses;

    /// <summary>log₁₀ of the share of the responses to the data set's own prompts that it names.</summary>
    public double Log10ShareOfOwnPrompts(long responses, long prompts) => Math.Log10(responses) - Math.Log10(prompts) - Log10Responses;

    /// <summary>Texts of at most so many tokens other than EOS: Σ aᵏ, k = 0 .. length, a = V − 1.</summary>
    private double Log10Texts(int length)
    {
        double a = Vocabulary - 1;
        return a == 1
            ? Math.Log10(length + 1)
            : ((length + 1) * Math.Log10(a)) + Math.Log10(1 - Math.Pow(a, -(length + 1))) - Math.Log10(a - 1);
    }
}
