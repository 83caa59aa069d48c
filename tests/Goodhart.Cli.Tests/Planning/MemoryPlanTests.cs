using Goodhart.Alignment.Losses;
using Goodhart.Alignment.PolicyGradient;
using Goodhart.Alignment.Remedies;
using Goodhart.Alignment.Training;
using Goodhart.Cli.Tests.Stages;
using Goodhart.Engine;
using Goodhart.Engine.Cpu;
using Goodhart.Engine.Optimizers;
using Goodhart.Engine.Planning;
using Goodhart.Models.Adapters;
using Goodhart.Steps.Planning;
using Goodhart.Steps.Rows;
using Goodhart.Steps.Runs;
using Goodhart.Steps.Training;
using Goodhart.Text.Datasets;
using Goodhart.Text.Truncation;
using Xunit;

namespace Goodhart.Cli.Tests.Planning;

/// <summary>A plan's memory against the bytes that the same run has in use on the CPU device, counted.</summary>
public sealed class MemoryPlanTests(TinyRun tiny) : IClassFixture<TinyRun>
{
    private static readonly TrainingMemory Checkpointed = new() { ActivationCheckpointing = true };

    public static TheoryData<string, string?, bool, int> Alignments => new()
    {
        { "dpo", null, false, 768 },
        { "dpo", null, true, 768 },
        { "dpo", null, false, 100 },
        { "dpo", null, true, 1 },
        { "kto", null, false, 768 },
        { "kto", null, true, 100 },
        { "aot", null, false, 100 },
        { "orpo", null, true, 100 },
        { "dpo", "tr-dpo", false, 768 },
        { "dpo", "epsilon-dpo", false, 100 },
        { "dpo", "beta-dpo", true, 100 },
        { "dpo", "wpo", false, 768 },
        { "dpo", "is-daa", true, 768 },
    };

    [Theory]
    [MemberData(nameof(Alignments))]
    public async Task Alignment(string loss, string? remedy, bool checkpointing, int rowBudget)
    {
        AlignSettings settings = new(Training(tiny.Data("preferences")), LossCatalogue.Find(loss).Create(0.1), $"{tiny.Sft}/model", null)
        {
            Remedies = remedy is null ? [] : [RemedyCatalogue.Find(remedy).Create()],
        };
        await Compare(
            checkpointing ? Checkpointed : TrainingMemory.Usual, rowBudget,
            (environment, memory) => AlignStage.Plan(settings, environment, memory),
            environment => AlignStage.RunAsync(settings, environment, CancellationToken.None));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Adapters(bool checkpointing)
    {
        TrainingSettings training = Training(tiny.Data("preferences")) with { Lora = new LoraConfig { Rank = 4 } };
        AlignSettings settings = new(training, new DpoLoss { Beta = 0.1 }, $"{tiny.Sft}/model", null);
        await Compare(
            checkpointing ? Checkpointed : TrainingMemory.Usual, 768,
            (environment, memory) => AlignStage.Plan(settings, environment, memory),
            environment => AlignStage.RunAsync(settings, environment, CancellationToken.None));
    }

    [Theory]
    [InlineData(false, 768)]
    [InlineData(true, 100)]
    public async Task Supervised(bool checkpointing, int rowBudget) => await Compare(
        checkpointing ? Checkpointed : TrainingMemory.Usual, rowBudget,
        (environment, memory) => SftStage.Plan(Training(tiny.Data("sft")), new TokenMean(), environment, memory),
        environment => SftStage.RunAsync(Training(tiny.Data("sft")), new TokenMean(), environment, CancellationToken.None));

    [Theory]
    [InlineData(false, 768)]
    [InlineData(true, 100)]
    public async Task Reward_models(bool checkpointing, int rowBudget)
    {
        RewardSettings settings = new(Training(tiny.Data("preferences")), null, 1);
        await Compare(
            checkpointing ? Checkpointed : TrainingMemory.Usual, rowBudget,
            (environment, memory) => RewardStage.Plan(settings, environment, memory),
            environment => RewardStage.RunAsync(settings, environment, CancellationToken.None));
    }

    [Theory]
    [InlineData("ppo", false, false)]
    [InlineData("ppo", true, false)]
    [InlineData("ppo", true, true)]
    [InlineData("rloo", false, false)]
    [InlineData("rloo", false, true)]
    public async Task Policy_gradients(string method, bool checkpointing, bool adapter)
    {
        string reward = tiny.Fresh($"reward-{method}-{checkpointing}-{adapter}");
        await RewardStage.RunAsync(
            new RewardSettings(Training(tiny.Data("preferences")), null, 1),
            Environment(TrainingMemory.Usual, 768, new MemoryMeter()) with { Directory = reward }, CancellationToken.None);
        TrainingOptions recipe = TrainingOptions.Constant(6, new RmsProp(), learningRate: 1e-3, warmupSteps: 0, clipNorm: 1);
        KlController kl = new FixedKl { Initial = 0.1 };
        PolicySettings settings = new(
            $"{tiny.Sft}/model", [$"{reward}/model"], [], tiny.Data("preferences"), RowReading.Plain, MaxPromptTokens: null,
            MaxNewTokens: 8,
            start => method == "ppo"
                ? new PpoMethod(new PpoOptions { Policy = recipe, Value = recipe, Kl = kl }) { ValueStart = checkpointing ? start : null }
                : new RlooMethod(new RlooOptions { Policy = recipe, Kl = kl }),
            null, RewardNormalization.None, recipe, Collections: 2, PromptsPerCollection: 3, SamplesPerPrompt: 2,
            new CheckpointPlan([1], 1000), Seed: 0)
        {
            Lora = adapter ? new LoraConfig { Rank = 4 } : null,
        };
        await Compare(
            checkpointing ? Checkpointed : TrainingMemory.Usual, 768,
            (environment, memory) => PolicyStage.Plan(settings, environment, memory),
            environment => PolicyStage.RunAsync(settings, environment, CancellationToken.None));
    }

    /// <summary>Whatever a loss does not bear of a rehearsal's numbers would show here.</summary>
    [Fact]
    public void Every_loss_and_every_remedy_can_be_planned()
    {
        foreach (LossEntry loss in LossCatalogue.All)
        {
            Planned(new AlignSettings(
                Training(tiny.Data("preferences")), loss.Create(loss.UsualBeta), $"{tiny.Sft}/model", null));
        }

        foreach (RemedyEntry remedy in RemedyCatalogue.All)
        {
            // What sets a loss's smoothing needs one that has it.
            Remedy made = remedy.Create();
            PreferenceLoss loss = made is EstimatedSmoothing ? LossCatalogue.Create("cdpo", 0.1) : new DpoLoss { Beta = 0.1 };
            Planned(new AlignSettings(Training(tiny.Data("preferences")), loss, $"{tiny.Sft}/model", null) { Remedies = [made] });
        }

        void Planned(AlignSettings settings) => Assert.InRange(
            AlignStage.Plan(settings, Environment(TrainingMemory.Usual, 768, new MemoryMeter()), DeviceMemory.Host).Memory.Use.Bytes,
            10_000, 10_000_000);
    }

    [Fact]
    public async Task What_does_not_fit_is_refused_with_what_would()
    {
        string[] align =
            ["align", $"{tiny.Sft}/model", tiny.Data("preferences"), "--out", tiny.Fresh("planned"), "--batch-size", "2", "--max-tokens",
                "200"];
        CommandRun fits = await CommandRun.Of([.. align[..3], .. align[5..], "--plan"]);
        Assert.Equal((ExitCode.Done, ""), (fits.Code, fits.Error));
        Assert.Contains("4 updates", fits.Output, StringComparison.Ordinal);
        Assert.Contains("GB at the peak", fits.Output, StringComparison.Ordinal);
        CommandRun nowhere = await CommandRun.Of([.. align[..3], .. align[5..]]);
        Assert.Equal(ExitCode.BadInput, nowhere.Code);
        Assert.Contains("'--out' is required", nowhere.Error, StringComparison.Ordinal);

        CommandRun refused = await CommandRun.Of([.. align, "--plan", "--device", "cuda", "--device-memory", "0.0001"]);
        Assert.Equal(ExitCode.BadInput, refused.Code);
        foreach (string advice in (string[])["--activation-checkpointing:", "--offload optimizer:", "--lora r=8:", "--row-budget"])
        {
            Assert.Contains(advice, refused.Error, StringComparison.Ordinal);
        }

        Assert.False(Directory.Exists(tiny.Fresh("planned")));
    }

    /// <summary>A plan refuses what the run does.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_state_that_is_on_the_host_already_is_not_offloaded(bool planned)
    {
        CommandRun run = await tiny.AlignAsync("offloaded", ["--offload", "optimizer", .. planned ? (string[])["--plan"] : []]);
        Assert.Equal((ExitCode.BadInput, ""), (run.Code, run.Output));
        Assert.Contains("cpu computes in the host's memory", run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(tiny.Fresh("offloaded")));
    }

    [Fact]
    public async Task A_machine_that_is_not_at_hand_is_not_advised_to_offload()
    {
        CommandRun run = await tiny.AlignAsync("small machine", "--plan", "--device-memory", "0.0001");
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Contains("--activation-checkpointing:", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("--offload optimizer", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Checkpoints_of_which_two_fall_on_one_update_are_refused(bool planned)
    {
        string[] few = ["--checkpoints", "0.01,0.02,1", .. planned ? (string[])["--plan"] : []];
        CommandRun run = await tiny.AlignAsync("few updates", few);
        Assert.Equal((ExitCode.BadInput, ""), (run.Code, run.Output));
        Assert.Contains("too few for one or more before each of 0.01, 0.02, 1", run.Error, StringComparison.Ordinal);
    }

    /// <summary>Its pace cannot be measured, and its memory is its own.</summary>
    [Fact]
    public async Task A_device_that_is_not_at_hand_is_told_no_time()
    {
        CommandRun here = await tiny.AlignAsync("elsewhere", "--plan");
        Assert.Contains("on this machine; nothing was run.", here.Output, StringComparison.Ordinal);
        CommandRun there = await tiny.AlignAsync(
            "elsewhere", "--plan", "--device", "cuda", "--device-memory", "80", "--offload", "optimizer");
        Assert.Equal((ExitCode.Done, ""), (there.Code, there.Error));
        Assert.Contains("\nnothing was run.", there.Output, StringComparison.Ordinal);
        Assert.Contains("optimizer state in passing", there.Output, StringComparison.Ordinal);
    }

    private async Task Compare<T>(
        TrainingMemory memory, int rowBudget, Func<StageEnvironment, DeviceMemory, StagePlan> plan, Func<StageEnvironment, Task<T>> run)
    {
        MemoryMeter meter = new();
        MemoryUse planned = plan(Environment(memory, rowBudget, meter), DeviceMemory.Host).Memory.Use;
        Assert.Equal(0, meter.PeakBytes);
        await run(Environment(memory, rowBudget, meter));
        Assert.InRange((double)planned.Bytes / meter.PeakBytes, 0.9, 1.1);
        Assert.Equal(memory.ActivationCheckpointing, planned.Parts.ContainsKey("recomputed layer"));
    }

    private StageEnvironment Environment(TrainingMemory memory, int rowBudget, MemoryMeter meter) => new()
    {
        Directory = tiny.Fresh(Guid.NewGuid().ToString("N")),
        Threads = 1,
        CreateDevice = threads => new Metered(new CpuDevice(threads), meter),
        Version = "test",
        Note = null,
        RowBudget = rowBudget,
        Memory = memory,
    };

    private TrainingSettings Training(string data) => new(
        $"{tiny.Sft}/model", data, new StageData(RowReading.Plain, new LengthBudget(200), new KeepEnd()),
        TrainingOptions.Constant(4, new RmsProp(), learningRate: 1e-3, warmupSteps: 0, clipNorm: 1), Epochs: 1,
        new CheckpointPlan([1], 1000), Seed: 0);

    /// <summary>Owns the device behind it.</summary>
    private sealed class Metered(CpuDevice device, MemoryMeter meter) : IDevice
    {
        private readonly MeteredDevice metered = new(device, meter);

        public DeviceInfo Info => metered.Info;

        public IOps Ops => metered.Ops;

        public IArena CreateArena(string name, long bytes) => metered.CreateArena(name, bytes);

        public void Upload(Mem destination, ReadOnlySpan<byte> source) => metered.Upload(destination, source);

        public IPending Read(Mem source) => metered.Read(source);

        public IPlan Prepare(SequencePlan plan, IArena arena) => metered.Prepare(plan, arena);

        public IDisposable Hold(HeldWeights weights, IArena arena) => metered.Hold(weights, arena);

        public void Dispose() => device.Dispose();
    }
}
