package io.eider.experiments.report;

/** Classes by how many training images they have. Source: Liu et al., CVPR 2019. */
public enum ShotGroup {
    /** More than 100. */
    MANY("many (> 100)"),
    /** 20 to 100. */
    MEDIUM("medium (20 to 100)"),
    /** Fewer than 20. */
    FEW("few (< 20)");

    private static final int MANY_ABOVE = 100;
    private static final int FEW_BELOW = 20;

    private final String title;

    ShotGroup(String title) {
        this.title = title;
    }

    /**
     * The group of a class.
     *
     * @param trainImages its training images
     * @return the group
     */
    public static ShotGroup of(int trainImages) {
        if (trainImages > MANY_ABOVE) {
            return MANY;
        }
        return trainImages < FEW_BELOW ? FEW : MEDIUM;
    }

    /**
     * The name in reports.
     *
     * @return with its bounds
     */
    public String title() {
        return title;
    }
}
