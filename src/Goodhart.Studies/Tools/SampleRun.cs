using Goodhart.Models.Sampling;

namespace Goodhart.Studies.Tools;

/// <summary>Why a response ended.</summary>
public enum FinishReason
{
    /// <summary>The model ended it.</summary>
    Eos,

    /// <summary>It reached the length limit.</summary>
    Length,
}

/// <summary>A sampled response as a line of the output; <c>score</c> reads it back.</summary>
/// <param name="Row">The prompt's place in its file, from 0.</param>
/// <param name="Prompt">Null where the prompts are token ids.</param>
/// <param name="Response">The text without EOS; null for a model without a tokenizer.</param>
/// <param name="ResponseIds">EOS included where the model drew it.</param>
/// <param name="LogProb">log π(y|x) in nats, under the sampling distribution (temperature applied).</param>
public sealed record SampledResponse(
    int Row, int Sample, string? Prompt, string? Response, double LogProb, FinishReason FinishReason, int[] PromptIds, int[] ResponseIds);

/// <param name="Resumed">Responses that an earlier run had left.</param>
/// <param name="MeanLength">Tokens, EOS included.</param>
/// <param name="EosRate">Share that ended with EOS.</param>
public sealed record SampleSummary(int Responses, int Resumed, double MeanLength, double EosRate);

/// <summary>Samples responses to prompts, a line each, in the order of the prompts.</summary>
public sealed class SampleRun(LoadedModel model, ResponseOptions options)
{
    /// <exception cref="OperationCanceledException">Between batches; what is written stays.</exception>
    public SampleSummary Run(IReadOnlyList<PromptRow> prompts, IResultLines lines, IProgress<WorkDone> progress, CancellationToken cancel)
    {
        int done = lines.Done;
        SampleTally tally = new();
        foreach (string line in lines.Earlier())
        {
            tally.Add(JsonLines.Read<SampledResponse>(line));
        }

        int resumed = tally.Responses;
        using ResponseSampling sampling = new(model, options);
        foreach (IReadOnlyList<PromptRow> batch in sampling.Batches(prompts.Skip(done)))
        {
            cancel.ThrowIfCancellationRequested();
            SampledResponse[] responses =
                [.. batch.Zip(sampling.Sample(batch)).SelectMany(pair => pair.Second.Select(rollout => Line(pair.First, rollout)))];
            lines.Append(responses.Select(JsonLines.Write));
            Array.ForEach(responses, tally.Add);
            done += batch.Count;
            progress.Report(new WorkDone(done, prompts.Count));
        }

        lines.Complete();
        return tally.Summary(resumed);
    }

    private SampledResponse Line(PromptRow prompt, Rollout rollout)
    {
        int[] text = rollout.Finished ? rollout.Tokens[..^1] : rollout.Tokens;
        return new SampledResponse(
            prompt.Row,
            rollout.Sample,
            prompt.Text,
            model.Tokenizer is { } tokenizer ? DecodedText.Of(tokenizer, text) : null,
            rollout.LogProb,
            rollout.Finished ? FinishReason.Eos : FinishReason.Length,
            prompt.Ids,
            rollout.Tokens);
    }

    private sealed class SampleTally
    {
        private long tokens;
        private int finished;

        public int Responses { get; private set; }

        public void Add(SampledResponse response)
        {
            Responses++;
            tokens += response.ResponseIds.Length;
            finished += response.FinishReason == FinishReason.Eos ? 1 : 0;
        }

        public SampleSummary Summary(int resumed) => new(Responses, resumed, tokens / (double)Responses, finished / (double)Responses);
    }
}
