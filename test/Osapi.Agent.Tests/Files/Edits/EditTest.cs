using System.Text;
using Osapi.Operations;
using Osapi.Operations.Files;

namespace Osapi.Agent.Tests.Files.Edits;

/// <summary>A test of edits of one file. Each edit is checked before, applied, and applied again, which must change nothing.</summary>
public abstract class EditTest : FileTest
{
    protected string File => fixture.PathOf("app.conf");

    private protected async Task<EditResult> EditAsync<T>(Operation<T, EditResult> operation, T request, string before, string after)
        where T : FileEdit
    {
        System.IO.File.WriteAllText(File, before, new UTF8Encoding(false));
        return await ApplyAsync(operation, request, before, after);
    }

    private protected async Task<EditResult> ApplyAsync<T>(Operation<T, EditResult> operation, T request, string before, string after)
        where T : FileEdit
    {
        var changes = before != after;
        var snapshot = fixture.Snapshot();
        var check = await fixture.RunAsync(operation, request, check: true);
        Assert.Equal((Outcome.Ok, null, changes), (check.Outcome, check.Error, check.Check?.Changed));
        Assert.Equal(snapshot, fixture.Snapshot());

        var result = await fixture.ResultAsync(operation, request);
        Assert.Equal(after, System.IO.File.ReadAllText(File));
        Assert.Equal(changes, result.Changed);
        Assert.Equal(changes, result.Action != EditAction.None);

        snapshot = fixture.Snapshot();
        Assert.False((await fixture.RunAsync(operation, request, check: true)).Check!.Changed);
        Assert.Equal(EditAction.None, (await fixture.ResultAsync(operation, request)).Action);
        Assert.Equal(snapshot, fixture.Snapshot());
        return result;
    }

    private protected async Task<string> FailsAsync<T>(Operation<T, EditResult> operation, T request, ErrorType type)
        where T : FileEdit
    {
        var snapshot = fixture.Snapshot();
        foreach (var isCheck in (bool[])[true, false])
        {
            var entry = await fixture.RunAsync(operation, request, isCheck);
            Assert.Equal((Outcome.Failed, type, false), (entry.Outcome, entry.ErrorType, entry.Changed));
            Assert.Equal(snapshot, fixture.Snapshot());
        }

        return (await fixture.RunAsync(operation, request)).Error!;
    }
}
