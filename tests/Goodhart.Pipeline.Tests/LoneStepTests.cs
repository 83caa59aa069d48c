using System.Text.Json.Nodes;
using Xunit;

namespace Goodhart.Pipeline.Tests;

public sealed class LoneStepTests : TemporaryFolder
{
    private const string LeaseSuffix = Lease.Suffix;

    private static readonly Constant One = new(1);
    private static readonly Sum Two = new() { Terms = [One, One], Tag = "two" };
    private static readonly Sum Three = new() { Terms = [One, Two], Tag = "three" };

    [Fact]
    public async Task Steps_run_one_by_one_make_what_a_run_makes()
    {
        Runner runner = NewRunner();
        foreach (PlannedStep step in runner.Plan(Three).Steps)
        {
            Assert.True((await NewRunner().RunStepAsync([Three], step.Folder, None)).Ran);
        }

        Assert.Equal(3, NewRunner().Read(Three));
        Assert.Equal(0, await ExecutedBy(NewRunner()));

        async Task<int> ExecutedBy(Runner whole)
        {
            await whole.RunAsync([Three], None);
            return whole.Executed;
        }
    }

    [Fact]
    public async Task A_step_waits_for_its_inputs_and_done_twice_is_done_once()
    {
        Runner runner = NewRunner();
        string[] folders = [.. runner.Plan(Three).Steps.Select(step => step.Folder)];

        StepOutcome early = await runner.RunStepAsync([Three], folders[2], None);
        Assert.Equal((false, true), (early.Ran, early.NotReady));
        Assert.Equal(folders[..2], early.Missing);
        Assert.Empty(Stored());

        Assert.True((await runner.RunStepAsync([Three], folders[0], None)).Ran);
        StepOutcome again = await runner.RunStepAsync([Three], folders[0], None);
        Assert.Equal((false, false), (again.Ran, again.NotReady));
        Assert.Equal(1, runner.Executed);
        Assert.Single(Stored());

        ArgumentException unknown = await Assert.ThrowsAsync<ArgumentException>(() => runner.RunStepAsync([Three], "sum-0", None));
        Assert.Contains("sum-0 is no step of this study", unknown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_attempt_is_refused_while_the_first_runs()
    {
        string? refused = null;
        Act step = new()
        {
            Tag = "busy",
            Action = (context, _) => refused = Assert.Throws<StepBusyException>(
                () => NewRunner().RunStepAsync([context.Step], NewRunner().Plan(context.Step).Steps[0].Folder, None)
                    .GetAwaiter().GetResult()).Message,
        };
        Assert.True((await NewRunner().RunStepAsync([step], NewRunner().Plan(step).Steps[0].Folder, None)).Ran);
        Assert.Contains("Another attempt is at act-", refused, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Steps(), "*" + LeaseSuffix));
    }

    [Theory]
    [InlineData(0, true), InlineData(120, false)]   // seconds since the other host gave a sign of life
    public async Task The_lease_of_another_host_holds_while_it_is_renewed(int age, bool refused)
    {
        string folder = NewRunner().Plan(One).Steps[0].Folder;
        Directory.CreateDirectory(Steps());
        string lease = Path.Combine(Steps(), folder + LeaseSuffix);
        File.WriteAllText(lease, "host elsewhere, process 1, 00");
        File.SetLastWriteTimeUtc(lease, DateTime.UtcNow.AddSeconds(-age));

        if (refused)
        {
            StepBusyException busy = await Assert.ThrowsAsync<StepBusyException>(() => NewRunner().RunStepAsync([One], folder, None));
            Assert.Contains("host elsewhere", busy.Message, StringComparison.Ordinal);
        }
        else
        {
            Assert.True((await NewRunner().RunStepAsync([One], folder, None)).Ran);
        }
    }

    /// <summary>Also where the first has lost files since that nobody needs any more: it gets none of the second's.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_two_attempts_the_first_that_is_stored_counts(bool pruned)
    {
        string elsewhere = Path.Combine(Folder, "elsewhere");
        Act first = new() { Tag = "twice", Action = (context, _) => Leave(context, "first") };
        await new Runner(elsewhere).RunAsync(first, None);
        string folder = NewRunner().Plan(first).Steps[0].Folder;

        // The other attempt is stored while this one runs.
        Act second = first with
        {
            Action = (context, _) =>
            {
                Leave(context, "second");
                Directory.Move(Path.Combine(elsewhere, "steps", folder), Path.Combine(Steps(), folder));
                if (pruned)
                {
                    string record = Path.Combine(Steps(), folder, "step.json");
                    JsonNode read = JsonNode.Parse(File.ReadAllText(record))!;
                    Assert.NotNull(read["pruned"]);
                    read["pruned"] = new JsonArray("attempt.txt");
                    File.WriteAllText(record, read.ToJsonString());
                    File.Delete(Path.Combine(Steps(), folder, "attempt.txt"));
                }
            },
        };
        await NewRunner().RunStepAsync([second], folder, None);

        string left = Path.Combine(Steps(), folder, "attempt.txt");
        Assert.Equal(pruned ? null : "first", File.Exists(left) ? File.ReadAllText(left) : null);
        Assert.Empty(Directory.GetDirectories(Steps(), "*.partial-*"));

        static void Leave(StepContext context, string text) =>
            File.WriteAllText(Path.Combine(context.OutputDirectory, "attempt.txt"), text);
    }

    [Fact]
    public async Task A_run_of_the_study_leaves_a_living_step_alone()
    {
        Act step = new()
        {
            Tag = "living",
            Action = (context, _) =>
            {
                NewRunner().RunAsync(One, None).GetAwaiter().GetResult();
                Assert.True(Directory.Exists(context.OutputDirectory));
            },
        };
        Assert.True((await NewRunner().RunStepAsync([step], NewRunner().Plan(step).Steps[0].Folder, None)).Ran);

        // What a dead one left goes, a minute after its last sign of life.
        string dead = Path.Combine(Steps(), "act-0000000000000000");
        Directory.CreateDirectory(dead + ".partial-x");
        File.WriteAllText(dead + LeaseSuffix, "host elsewhere, process 1, 00");
        await NewRunner().RunAsync(One, None);
        Assert.True(Directory.Exists(dead + ".partial-x"));
        File.SetLastWriteTimeUtc(dead + LeaseSuffix, DateTime.UtcNow.AddMinutes(-2));
        await NewRunner().RunAsync(One, None);
        Assert.False(Directory.Exists(dead + ".partial-x"));
        Assert.False(File.Exists(dead + LeaseSuffix));
    }

    [Fact]
    public async Task A_suspended_attempt_that_holds_its_lease_is_left_alone_and_an_old_one_does_not_end_its_successors()
    {
        Directory.CreateDirectory(Steps());
        string target = Path.Combine(Steps(), "act-1111111111111111");
        using (Lease held = Lease.Take(target))
        {
            Directory.CreateDirectory(target + ".partial-x");
            File.SetLastWriteTimeUtc(target + LeaseSuffix, DateTime.UtcNow.AddMinutes(-5));
            await NewRunner().RunAsync(One, None);
            Assert.True(Directory.Exists(target + ".partial-x"));

            // Another host took over: its lease stays when this one ends.
            File.Delete(target + LeaseSuffix);
            File.WriteAllText(target + LeaseSuffix, "host elsewhere, process 1, 00");
        }

        Assert.True(File.Exists(target + LeaseSuffix));
        File.SetLastWriteTimeUtc(target + LeaseSuffix, DateTime.UtcNow.AddMinutes(-5));
        await NewRunner().RunAsync([One, Two], None);
        Assert.False(Directory.Exists(target + ".partial-x"));
    }

    [Fact]
    public async Task What_a_killed_attempt_left_goes_with_the_next_one()
    {
        string folder = NewRunner().Plan(One).Steps[0].Folder;
        string left = Path.Combine(Steps(), folder + ".partial-dead");
        Directory.CreateDirectory(left);
        Assert.True((await NewRunner().RunStepAsync([One], folder, None)).Ran);
        Assert.False(Directory.Exists(left));
    }

    private string Steps() => Path.Combine(Folder, "steps");
}
