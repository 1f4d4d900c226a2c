using Osapi.Operations.Audit;

namespace Osapi.Controller.Audit;

/// <summary>Verifies all chains of a directory: each line, their order, their beginning, and every head that vouches for them.</summary>
internal sealed class AuditVerifier(AuditFiles files, AuditKeys keys)
{
    private const int MaxProblems = 100;

    private readonly List<AuditProblem> problems = [];
    private readonly List<ChainVerification> chains = [];
    private int count;

    /// <summary>Verifies.</summary>
    /// <param name="heads">The heads in the log, and the one that the running controller knows.</param>
    /// <param name="cancellationToken">Ends the verification.</param>
    public AuditVerdict Verify(IReadOnlyList<AuditHead> heads, CancellationToken cancellationToken)
    {
        List<AuditHead> anchors = [.. heads];
        foreach (var name in files.Chains())
        {
            ChainVerification chain = new(files, name, keys, IsCopy: name != files.Own, Report);
            chains.Add(chain);
            anchors.AddRange(chain.ReadAnchors(cancellationToken));
        }

        foreach (var anchorsOfChain in anchors.GroupBy(anchor => anchor.Controller))
            if (chains.Find(chain => chain.Name == anchorsOfChain.Key) is { } chain)
                chain.Add(anchorsOfChain);
            else if (heads.Any(head => head.Controller == anchorsOfChain.Key))
                // Of a controller that was gone before this one came, there are anchors and no copy.
                Report(anchorsOfChain.Key, anchorsOfChain.Max(anchor => anchor.Number), "file", "there are heads of the chain, and no file");
        return new() { Chains = [.. chains.Select(chain => chain.Verify(cancellationToken))], Problems = problems, ProblemCount = count };
    }

    private void Report(string chain, long number, string problem, string detail)
    {
        count++;
        if (problems.Count < MaxProblems)
            problems.Add(new(chain, number, problem, detail));
    }
}
