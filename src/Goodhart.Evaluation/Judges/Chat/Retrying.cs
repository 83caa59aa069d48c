using Goodhart.Engine.Randomness;
using Polly;
using Polly.Retry;

namespace Goodhart.Evaluation.Judges.Chat;

/// <summary>Tries a request again after what passes. Where the endpoint asks for a pause, all requests pause.</summary>
internal sealed class Retrying
{
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromMinutes(1);
    private static readonly ResiliencePropertyKey<RandomStream> Jitter = new("jitter");

    private readonly ChatEndpoint endpoint;
    private readonly ResiliencePipeline<ChatReply> pipeline;
    private readonly ulong jitterKey = Philox.Key(0, "judge/back-off");
    private long pauseUntil;

    /// <param name="trouble">Told of each failure that is waited out.</param>
    public Retrying(ChatEndpoint endpoint, Action<string> trouble)
    {
        this.endpoint = endpoint;
        ResiliencePipelineBuilder<ChatReply> builder = new();
        if (endpoint.Retries > 0)
        {
            builder.AddRetry(new RetryStrategyOptions<ChatReply>
            {
                MaxRetryAttempts = endpoint.Retries,
                ShouldHandle = new PredicateBuilder<ChatReply>().Handle<EndpointException>(
                    fault => fault.Kind == FailureKind.Transient && !(fault.RetryAfter > endpoint.LongestWait)),
                DelayGenerator = arguments => ValueTask.FromResult<TimeSpan?>(Delay(arguments)),
                OnRetry = arguments =>
                {
                    trouble(FormattableString.Invariant(
                        $"{arguments.Outcome.Exception!.Message}; try {arguments.AttemptNumber + 2} of {endpoint.Retries + 1} in ")
                            + FormattableString.Invariant($"{arguments.RetryDelay.TotalSeconds:0.#} s"));
                    return ValueTask.CompletedTask;
                },
            });
        }

        pipeline = builder.Build();
    }

    /// <param name="attempt">One request.</param>
    /// <param name="item">Addresses the jitter.</param>
    /// <param name="stop">Ends waiting between requests; a request under way is let end.</param>
    /// <exception cref="EndpointException">The last one, after all repetitions.</exception>
    public async Task<ChatReply> ExecuteAsync(Func<Task<ChatReply>> attempt, uint item, CancellationToken stop)
    {
        ResilienceContext context = ResilienceContextPool.Shared.Get(stop);
        context.Properties.Set(Jitter, new RandomStream(jitterKey, item));
        try
        {
            return await pipeline.ExecuteAsync(
                async inner =>
                {
                    await PauseAsync(inner.CancellationToken).ConfigureAwait(false);
                    return await attempt().ConfigureAwait(false);
                },
                context).ConfigureAwait(false);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private TimeSpan Delay(RetryDelayGeneratorArguments<ChatReply> arguments)
    {
        if (arguments.Outcome.Exception is EndpointException { RetryAfter: { } asked } && asked > TimeSpan.Zero)
        {
            Pause(asked);
            return asked;
        }

        double doubled = Math.Min(LongestBackOff.TotalSeconds, endpoint.RetryDelay.TotalSeconds * Math.Pow(2, arguments.AttemptNumber));
        double jitter = arguments.Context.Properties.GetValue(Jitter, null!).NextDouble();
        return TimeSpan.FromSeconds(doubled * (0.5 + (0.5 * jitter)));
    }

    private void Pause(TimeSpan length)
    {
        long until = Environment.TickCount64 + (long)length.TotalMilliseconds;
        long now;
        while (until > (now = Volatile.Read(ref pauseUntil)) && Interlocked.CompareExchange(ref pauseUntil, until, now) != now)
        {
        }
    }

    private async Task PauseAsync(CancellationToken stop)
    {
        long left;
        while ((left = Volatile.Read(ref pauseUntil) - Environment.TickCount64) > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(left), stop).ConfigureAwait(false);
        }
    }
}
