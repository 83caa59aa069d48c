using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace Goodhart.Pipeline.Tests;

public sealed class KeyTests
{
    private enum Mode
    {
        Slow,
        Fast,
    }

    private sealed record Everything : Step<int>
    {
        public string Text { get; init; } = "β \"quoted\" \\ \n";
        public double Real { get; init; } = 5e-7;
        public double[] Reals { get; init; } = [0.1, 1.0 / 3, -0.0, double.NaN, double.PositiveInfinity];
        public float Single { get; init; } = 0.1f;
        public long Count { get; init; } = 1L << 40;
        public bool Flag { get; init; } = true;
        public Enum Mode { get; init; } = KeyTests.Mode.Fast;
        public object? Missing { get; init; }
        public Loss Loss { get; init; } = new DpoLoss(0.1);
        public Dictionary<string, int> Map { get; init; } = new() { ["b"] = 2, ["a"] = 1 };
        public Step<double>[] Terms { get; init; } = [new Constant(1), new Constant(2)];
        [NotInKey] public int Workers { get; init; } = 3;
        public int Derived => Reals.Length;

        protected override int Version => 7;

        protected override Task<int> RunAsync(StepContext context, CancellationToken cancel) => Task.FromResult(0);
    }

    private static readonly Sum Tree = new()
    {
        Terms = [new Constant(1), new Sum { Terms = [new Constant(2)], Loss = new DpoLoss(0.1) }],
    };

    /// <summary>Fails when the canonical form changes by accident: every artifact of every user would then be computed again.</summary>
    [Fact]
    public void Keys_are_what_they_have_always_been()
    {
        Assert.Equal("0d550a8eb73accbf", new Constant(1).Key);
        Assert.Equal("248c64ecd52ffe3d", new Everything().Key);
    }

    [Fact]
    public async Task The_canonical_form_is_stored_and_readable()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        Runner runner = new(new RunnerOptions { Directory = folder, NumericsVersion = "cpu-1" });
        await runner.RunAsync(new Everything(), CancellationToken.None);

        StepRecord record = runner.RecordOf(new Everything())!;
        string canonical =
            """
            {"name":"everything","version":7,"numerics":"cpu-1","fields":{"Count":1099511627776,"Flag":true,
            "Loss":{"$type":"DpoLoss","Beta":0.1},"Map":{"$map":{"a":1,"b":2}},"Mode":"Fast","Real":5E-07,
            "Reals":[0.1,0.3333333333333333,-0,"NaN","Infinity"],"Single":0.1,"Terms":[{"$step":"ONE"},{"$step":"TWO"}],
            "Text":"β \"quoted\" \\ \u000a"}}
            """
            .Replace("\n", "", StringComparison.Ordinal)
            .Replace("ONE", runner.RecordOf(new Constant(1))!.Hash, StringComparison.Ordinal)
            .Replace("TWO", runner.RecordOf(new Constant(2))!.Hash, StringComparison.Ordinal);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical))), record.Hash);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(canonical), record.Definition));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_change_upstream_renames_everything_after_it_and_nothing_beside_it()
    {
        Sum inner = (Sum)Tree.Terms[1];
        Sum changed = Tree with { Terms = [Tree.Terms[0], inner with { Terms = [new Constant(2.5)] }] };
        Assert.NotEqual(Tree.Key, changed.Key);
        Assert.NotEqual(Tree.Terms[1].Key, changed.Terms[1].Key);
        Assert.Equal(Tree.Terms[0].Key, changed.Terms[0].Key);
    }

    [Fact]
    public void A_copy_made_with_with_has_its_own_key()
    {
        Runner runner = new("unused");
        Constant first = new(1);
        string key = runner.KeyOf(first);
        Assert.NotEqual(key, runner.KeyOf(first with { Value = 2 }));
        Assert.Equal(key, runner.KeyOf(first with { }));
    }

    [Fact]
    public void What_is_not_in_the_key_changes_nothing() =>
        Assert.Equal(new Constant(1).Key, (new Constant(1) { BatchSize = 5 }).Key);

    [Fact]
    public void The_type_of_a_nested_record_is_part_of_the_key() => Assert.Equal(3, new HashSet<string>
    {
        (Tree with { Loss = new DpoLoss(0.1) }).Key,
        (Tree with { Loss = new IpoLoss(0.1) }).Key,
        (Tree with { Loss = new DpoLoss(0.2) }).Key,
    }.Count);

    [Fact]
    public void The_order_of_inputs_is_part_of_the_key_and_each_is_listed_once()
    {
        Sum sum = new() { Terms = [new Constant(1), new Constant(2), new Constant(1)] };
        Assert.Equal(["constant 1", "constant 2"], sum.Inputs.Select(step => step.Label));
        Assert.NotEqual(sum.Key, (sum with { Terms = [new Constant(2), new Constant(1), new Constant(1)] }).Key);
    }

    [Fact]
    public void Another_numerics_version_renames_computed_steps_only()
    {
        Runner first = new(new RunnerOptions { Directory = "unused", NumericsVersion = "cpu-1" });
        Runner second = new(new RunnerOptions { Directory = "unused", NumericsVersion = "cpu-2" });
        Assert.NotEqual(first.KeyOf(new Constant(1)), second.KeyOf(new Constant(1)));
        Assert.Equal(first.KeyOf(new Bookkeeping()), second.KeyOf(new Bookkeeping()));
    }

    [Fact]
    public void Keying_a_graph_with_many_shared_parts_takes_linear_time()
    {
        Step<double> step = new Constant(1);
        for (int i = 0; i < 1000; i++)
        {
            step = new Sum { Terms = [step, step] };   // 2^1000 paths
        }

        Assert.Equal(16, step.Key.Length);
    }

    [Theory]
    [InlineData(typeof(WithField), "WithField.cached: a field is state that the key does not see")]
    [InlineData(typeof(WithSetter), "WithSetter.Seed can be set after the key is known")]
    [InlineData(typeof(WithDelegate), "WithDelegate.Rule: a Func`1 cannot be part of a key")]
    [InlineData(typeof(WithHidden), "WithHidden.Seed is hidden state")]
    [InlineData(typeof(BadlyNamed), "the step name 'Bad/Name' must be lower-case")]
    public void State_that_a_key_cannot_hold_is_refused(Type type, string message) => Assert.Contains(
        message,
        Assert.Throws<InvalidOperationException>(() => ((Step)Activator.CreateInstance(type)!).Key).Message,
        StringComparison.Ordinal);

    private sealed record Bookkeeping : Step<int>
    {
        protected override bool DependsOnNumerics => false;

        protected override Task<int> RunAsync(StepContext context, CancellationToken cancel) => Task.FromResult(0);
    }

    private abstract record Idle : Step<int>
    {
        protected override Task<int> RunAsync(StepContext context, CancellationToken cancel) => Task.FromResult(0);
    }

    private sealed record WithField : Idle
    {
#pragma warning disable CS0169, CA1823, IDE0044, IDE0051 // the field is the point
        private string? cached;
#pragma warning restore CS0169, CA1823, IDE0044, IDE0051
    }

    private sealed record WithSetter : Idle
    {
        public int Seed { get; set; }
    }

    private sealed record WithDelegate : Idle
    {
        public Func<int> Rule { get; init; } = () => 1;
    }

    private sealed record WithHidden : Idle
    {
        private int Seed { get; init; } = 1;

        public override string Label => $"{Seed}";
    }

    private sealed record BadlyNamed : Idle
    {
        public override string Name => "Bad/Name";
    }
}
