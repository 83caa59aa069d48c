using Xunit;

namespace Goodhart.Pipeline.Tests;

public sealed class RunnerTests : TemporaryFolder
{
    private static readonly Sum Inner = new() { Terms = [new Constant(1), new Constant(2)] };
    private static readonly Sum Outer = new() { Terms = [Inner, new Constant(1), Inner with { }] };

    [Fact]
    public async Task A_second_run_executes_nothing()
    {
        Runner runner = NewRunner();
        Assert.Equal(7, await runner.RunAsync(Outer, None));
        Assert.Equal(4, runner.Executed);   // each key once: 1, 2, their sum, the outer sum
        Assert.Equal(7, await runner.RunAsync(Outer, None));
        Assert.Equal(4, runner.Executed);

        Runner later = NewRunner();
        Assert.Equal(7, await later.RunAsync(Outer, None));
        Assert.Equal(0, later.Executed);
    }

    [Fact]
    public async Task A_change_redoes_only_what_depends_on_it()
    {
        await NewRunner().RunAsync(Outer, None);
        Runner runner = NewRunner();
        Assert.Equal(9, await runner.RunAsync(Outer with { Terms = [Inner, new Constant(3), Inner] }, None));
        Assert.Equal(2, runner.Executed);
    }

    [Fact]
    public async Task A_stored_step_does_not_need_its_inputs()
    {
        Runner runner = NewRunner();
        await runner.RunAsync(Outer, None);
        Directory.Delete(runner.DirectoryOf(Inner), recursive: true);

        Assert.Equal(StepState.NotNeeded, runner.Plan(Outer).Steps.Single(step => step.Key == runner.KeyOf(Inner)).State);
        await runner.RunAsync(Outer, None);
        Assert.Equal(4, runner.Executed);
    }

    [Fact]
    public async Task The_plan_says_what_would_run_and_runs_nothing()
    {
        Runner runner = NewRunner();
        await runner.RunAsync(Inner, None);
        Plan plan = NewRunner().Plan(Outer);

        Assert.Equal(["constant 1", "constant 2", "sum", "sum"], plan.Steps.Select(step => step.Label));
        Assert.Equal([StepState.Cached, StepState.Cached, StepState.Cached, StepState.ToRun], plan.Steps.Select(step => step.State));
        Assert.Equal(1, plan.CostToRun);
        Assert.True(plan.Steps[0].Record!.Seconds >= 0);
        Assert.Equal(3, Stored().Length);
    }

    [Fact]
    public void The_plan_knows_the_longest_path()
    {
        Sum slow = new() { Terms = [new Constant(1)], Cost = 10 };
        Plan plan = NewRunner().Plan(new Sum { Terms = [slow, new Constant(2)], Cost = 5 });
        Assert.Equal(1 + 10 + 5, plan.LongestPath);
        Assert.Equal(1 + 1 + 10 + 5, plan.CostToRun);
    }

    [Fact]
    public async Task Files_travel_beside_the_result()
    {
        Act writer = new()
        {
            Tag = "writer",
            Action = (context, _) =>
            {
                Directory.CreateDirectory(Path.Combine(context.OutputDirectory, "model"));
                File.WriteAllText(Path.Combine(context.OutputDirectory, "model/weights"), "42");
            },
        };
        string? read = null;
        Act reader = new()
        {
            Tag = "reader",
            After = [writer],
            Action = (context, _) => read = File.ReadAllText(context.FileOf(writer, "model/weights")),
        };

        Runner runner = NewRunner();
        await runner.RunAsync(reader, None);
        Assert.Equal("42", read);
        StepRecord record = runner.RecordOf(writer)!;
        Assert.Equal(["model/weights", "result.json"], record.Files.Select(file => file.Name));
        Assert.Equal("73475cb40a568e8da8a045ced110137e159f890ac4da883b6b17dc651b3a8049", record.Files[0].Sha256);
    }

    [Fact]
    public async Task Reading_what_is_no_input_fails_because_the_key_would_not_know()
    {
        Act cheat = new() { Tag = "cheat", Action = (context, _) => context.Get(new Constant(1)) };
        await NewRunner().RunAsync(new Constant(1), None);
        StepFailedException failure = await Assert.ThrowsAsync<StepFailedException>(() => NewRunner().RunAsync(cheat, None));
        Assert.Contains("act reads constant, which is none of its inputs", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Services_are_shared_or_leased_for_one_step()
    {
        List<string> trace = [];
        StepServices services = new StepServices()
            .Add("shared")
            .Lease(context => { trace.Add($"acquire for {context.Step.Label}"); return trace; }, _ => trace.Add("release"));
        Act step = new()
        {
            Tag = "user",
            Action = (context, _) =>
            {
                trace.Add(context.Service<string>());
                context.Service<List<string>>().Add("used");
                context.Service<List<string>>().Add("used again");
                throw new InvalidOperationException("even a failing step gives its lease back");
            },
        };
        await Assert.ThrowsAsync<StepFailedException>(() => NewRunner(services: services).RunAsync(step, None));
        Assert.Equal(["shared", "acquire for user", "used", "used again", "release"], trace);
    }

    [Fact]
    public async Task A_missing_service_is_named()
    {
        Act step = new() { Tag = "user", Action = (context, _) => context.Service<Recorder>() };
        StepFailedException failure = await Assert.ThrowsAsync<StepFailedException>(() => NewRunner().RunAsync(step, None));
        Assert.Contains("No Recorder is registered, which act asks for.", failure.Message, StringComparison.Ordinal);
    }
}
