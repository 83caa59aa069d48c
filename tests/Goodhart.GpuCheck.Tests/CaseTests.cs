using Goodhart.Engine.Conformance;
using Goodhart.GpuCheck.Cases;
using Goodhart.GpuCheck.Parts;
using Xunit;

namespace Goodhart.GpuCheck.Tests;

/// <summary>The tables' rows, run without a test host.</summary>
public sealed class CaseTests
{
    private static IReadOnlyList<CheckCase> Rows => CheckCase.Of([typeof(Sample)]);

    [Fact]
    public void Every_table_of_the_conformance_tests_is_run()
    {
        Type[] tables =
        [
            .. typeof(LinearConformance).Assembly.GetTypes().Where(
                type => type.IsAbstract && type.Name.EndsWith("Conformance", StringComparison.Ordinal)),
        ];
        Assert.True(tables.Length >= 16);
        Assert.Equal(
            tables.Select(table => table.Name).Order(StringComparer.Ordinal),
            CasesPart.Cases.Select(one => one.Table.BaseType!.Name).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Rows_have_their_arguments_by_name() => Assert.Equal(
        [
            "Sample.Fails()", "Sample.Is_awaited()", "Sample.Takes(rows: 3, scale: 0.5)", "Sample.Takes(rows: 4, scale: 1)",
            "Sample.Takes_members(name: one)", "Sample.Takes_members(name: two)", "Sample.Throws()",
        ],
        Rows.Select(row => row.Name));

    [Fact]
    public async Task What_happens_to_each_is_said_before_and_after()
    {
        using StringWriter said = new() { NewLine = "\n" };
        Assert.Equal(0, await CaseLoop.Run(Rows, Enumerable.Range(0, Rows.Count), () => true, said));
        string[] lines = said.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        CaseMessage[] messages = [.. lines.Select(line => CaseMessage.Read(line)!)];
        Assert.Equal(Enumerable.Range(0, Rows.Count).SelectMany(i => new[] { i, i }), messages.Select(message => message.Case));
        Dictionary<string, string?> ends = messages.Where(message => message.Seconds is not null)
            .ToDictionary(message => Rows[message.Case].Name, message => message.Fault);
        Assert.Equal(
            ["Sample.Fails()", "Sample.Is_awaited()", "Sample.Throws()"],
            ends.Where(end => end.Value is not null).Select(end => end.Key).Order(StringComparer.Ordinal));
        Assert.Equal("element 2: expected 1, got 7", ends["Sample.Fails()"]);
        Assert.Equal("InvalidOperationException: out of order", ends["Sample.Throws()"]);
    }

    [Fact]
    public async Task A_device_that_is_lost_ends_the_process()
    {
        using StringWriter said = new();
        Assert.Equal(CaseLoop.DeviceLost, await CaseLoop.Run(Rows, [0, 2], () => false, said));
        Assert.DoesNotContain("\"Case\":2", said.ToString(), StringComparison.Ordinal);
    }

    /// <summary>A table of no device, which the test host does not see: some of its rows fail.</summary>
#pragma warning disable xUnit1000
    internal sealed class Sample
#pragma warning restore xUnit1000
    {
        public static TheoryData<string> Members => ["one", "two"];

        [Theory(Skip = "a skipped row is none")]
        [InlineData(1)]
        public void Is_skipped(int rows) => Assert.Fail($"{rows}");

        [Fact]
        public void Fails() => Rig.Close([0, 1, 1], [0, 1, 7], 1e-3);

        [Fact]
        public void Throws() => throw new InvalidOperationException("out of order");

        [Fact]
        public async Task Is_awaited()
        {
            await Task.Yield();
            Assert.Fail("after a while");
        }

        [Theory]
        [InlineData(3, 0.5)]
        [InlineData(4, 1)]
        public void Takes(int rows, double scale) => Assert.Equal(rows, (int)(rows * scale / scale));

        [Theory]
        [MemberData(nameof(Members))]
        public void Takes_members(string name) => Assert.Equal(3, name.Length);
    }
}
