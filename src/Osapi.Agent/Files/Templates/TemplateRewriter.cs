using Fluid.Ast;

namespace Osapi.Agent.Files.Templates;

/// <summary>Replaces the engine's unlimited nodes, and those that do not report undefined names, with our own.</summary>
internal sealed class TemplateRewriter(UndefinedNames undefined, TemplateBudget budget) : AstRewriter
{
    // Far above what TemplateLimits allows; a second line of defence in case the engine reads the text differently.
    private const int MaxDepth = 10_000;

    private int depth;

    public override Statement? Visit(Statement? statement)
    {
        Enter();
        var rewritten = base.Visit(statement);
        depth--;
        return rewritten;
    }

    public override Expression? Visit(Expression? expression)
    {
        Enter();
        var rewritten = base.Visit(expression);
        depth--;
        return rewritten;
    }

    protected override Expression VisitMemberExpression(MemberExpression memberExpression) => Path(memberExpression);

    protected override Statement VisitOutputStatement(OutputStatement outputStatement) =>
        outputStatement.Expression is MemberExpression member ? new WrittenOutput(Path(member)) : base.VisitOutputStatement(outputStatement);

    protected override Expression VisitRangeExpression(RangeExpression rangeExpression) => new BoundedRange(Visit(rangeExpression.From)!, Visit(rangeExpression.To)!, budget);

    protected override Statement VisitCaptureStatement(CaptureStatement captureStatement) => new BoundedCapture(captureStatement.Identifier, All(captureStatement.Statements), budget);

    protected override Statement VisitIfChangedStatement(IfChangedStatement ifChangedStatement) => new BoundedIfChanged(All(ifChangedStatement.Statements), budget);

    protected override Statement VisitForStatement(ForStatement forStatement)
    {
        var isPath = forStatement.Source is MemberExpression;
        ForStatement loop = new(
            All(forStatement.Statements),
            forStatement.Identifier,
            isPath ? forStatement.Source : Visit(forStatement.Source),
            Visit(forStatement.Limit),
            // The word "continue" is parsed as a path, but is no name.
            forStatement.OffsetIsContinue ? forStatement.Offset : Visit(forStatement.Offset),
            forStatement.Reversed,
            (ElseStatement?)Visit(forStatement.Else));
        return isPath ? new BoundedLoop(loop, Path((MemberExpression)forStatement.Source), budget) : loop;
    }

    private PathExpression Path(MemberExpression member) => new(
        ((IdentifierSegment)member.Segments[0]).Identifier,
        [.. member.Segments.Skip(1).Select(segment => segment is IndexerSegment indexer ? new IndexerSegment(Visit(indexer.Expression)) : segment)],
        undefined);

    private List<Statement> All(IReadOnlyList<Statement> statements) => [.. statements.Select(statement => Visit(statement)!)];

    private void Enter()
    {
        if (++depth > MaxDepth)
            throw new RefusedTemplateException("it is nested too deeply");
    }
}
