using Goodhart.Engine;
using Goodhart.Evaluation.Judges;
using Goodhart.Models.GptNeoX;
using Goodhart.Models.HuggingFace;
using Goodhart.Models.Rewards;
using Goodhart.Models.Scoring;
using Goodhart.Pipeline;
using Goodhart.Text.Tokenizers;
using Goodhart.Text.Truncation;

namespace Goodhart.Studies.Judging;

/// <summary>A reward model as a judge of texts: its score at a response's last token.</summary>
/// <remarks>A response is tokenised as training does, with its own leading space, and EOS where it ended.</remarks>
public sealed class RewardModelScorer : IResponseScorer, IDisposable
{
    /// <summary>Null where somebody else's is used.</summary>
    private IDevice? owned;

    private readonly GptNeoXModel model;
    private readonly RewardScorer scorer;
    private readonly ITokenizer tokenizer;
    private readonly PromptEncoder prompts;

    /// <param name="folder">A GPTNeoXForSequenceClassification folder with one label and a tokenizer.json.</param>
    /// <exception cref="FileNotFoundException">No such folder, or a file of it is missing.</exception>
    /// <exception cref="InvalidDataException">A broken file, or a model that is none of rewards.</exception>
    /// <exception cref="TokenizerException">A broken or unsupported tokenizer.json.</exception>
    public RewardModelScorer(IDevice device, string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw MissingModel.At(folder);
        }

        tokenizer = TokenizerFile.Open(folder);
        prompts = new PromptEncoder(tokenizer);
        Identity = $$"""{"kind":"reward","model":"{{new InputFolder(folder).Sha256}}"}""";
        model = GptNeoXFolder.LoadScore(device, folder, training: false);
        scorer = new RewardScorer(model);
    }

    public string Identity { get; }

    /// <summary>With a device of its own.</summary>
    /// <inheritdoc cref="RewardModelScorer(IDevice, string)"/>
    public static RewardModelScorer Open(Func<IDevice> createDevice, string folder)
    {
        IDevice device = createDevice();
        try
        {
            return new RewardModelScorer(device, folder) { owned = device };
        }
        catch
        {
            device.Dispose();
            throw;
        }
    }

    /// <exception cref="InvalidDataException">A prompt and a response are longer together than the model's positions.</exception>
    public IReadOnlyList<double> Score(IReadOnlyList<PromptedResponse> responses, CancellationToken cancel)
    {
        PromptTree[] trees = [.. responses.Select(response => new PromptTree(prompts.Encode(response.Prompt), [Tokens(response.Response)]))];
        if (Array.Find(trees, tree => RewardForest.RowsOf(tree) > model.MaxPositions) is { Prompt: not null } tooLong)
        {
            throw new InvalidDataException(FormattableString.Invariant(
                $"the reward model has {model.MaxPositions} positions, and a prompt of {tooLong.Prompt.Length} tokens with a response of {tooLong.Responses[0].Length} needs more. Shorten the prompts."));
        }

        return [.. scorer.Rewards(trees, cancel).Select(rewards => rewards[0])];
    }

    public void Dispose()
    {
        scorer.Dispose();
        model.Dispose();
        owned?.Dispose();
    }

    private int[] Tokens(JudgedResponse response)
    {
        int[] words = tokenizer.Encode(response.Raw);
        return response.Finished || words.Length == 0 ? [.. words, tokenizer.EosId] : words;
    }
}
