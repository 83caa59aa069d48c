using Goodhart.Pipeline;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Training;
using Goodhart.Studies.Configuration;
using Xunit;

namespace Goodhart.Studies.Tests.Running;

public sealed class ExistingModelStudyTests
{
    [Fact]
    public async Task A_worlds_study_of_a_model_that_is_there_has_the_points_of_the_one_that_trained_it()
    {
        using MicroStudy trained = MicroStudy.Empty();
        StudyDefinition definition = MicroStudy.Definition();
        await trained.RunAsync(definition);
        PlannedStep sft = trained.Prepare(definition).Plan().Steps.Last(step => step.Step is SftSegment);
        string model = Path.Combine(trained.FolderOf(sft), ModelFiles.Model);

        using MicroStudy given = MicroStudy.Empty();
        string text = $$"""
            name: smoke
            world: tldr
            models:
              - { name: S, from: {{model}} }
            sft: none
            align:
              losses: [dpo, slic]
              betas: [0.1]
              checkpoints: [0.5, 1.0]
              pairs: 64
              batchSize: 16
              optimizer: { name: rmsprop, alpha: 0.99, eps: 1e-8 }
              learningRate: 2e-4
              warmupSteps: 29
              clipNorm: 10
            evaluate:
              prompts: 4
              temperature: 1.0
              maxNewTokens: 12
              samplesPerPrompt: 1
              finalSamplesPerPrompt: 2
              heldOutPairs: 4
            seeds: [0]
            keep: weights
            """;
        string[] executed = await given.RunAsync(StudyFile.Parse("given.yaml", text));
        Assert.DoesNotContain("sft-segment", executed);
        Assert.Equal(trained.Read("points.csv"), given.Read("points.csv"));
    }
}
